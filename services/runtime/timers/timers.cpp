#include "runtime/timers/timers.h"

#include <algorithm>
#include <cassert>
#include <deque>
#include <exception>
#include <iterator>

#include "runtime/log/log.h"
#include "runtime/sql/database.h"
#include "runtime/timers/rows.h"
#include "runtime/timers/timers.sql.h"

namespace holdfast::timers {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr auto lock_patience = "100ms";
constexpr seconds first_delay{1};
constexpr seconds longest_delay{300};

// Dead index entries of what was fired cost each look until vacuum, and whatever holds back vacuum makes them dear. So
// the loop's looks begin where the last ones ended, less `overlap` for transactions that were in flight and for clocks
// that differ. What was set for an instant before that is found by a look at everything, made this often.
constexpr seconds overlap{10};
constexpr seconds look_at_all_every{1};
constexpr Instant ever = std::chrono::sys_days{std::chrono::year{1} / 1 / 1};

// One subject's view of the slice's transaction: everything done through it is done for the subject's agency.
struct Subject {
  Subject(events::UnitOfWork& slice, AgencyId agency, Instant now)
      : call(slice.call()), transaction(slice.transaction.connection(), call), unit(transaction, now) {
    call.who.agency = agency;
  }
  Call call;
  sql::Transaction transaction;
  events::UnitOfWork unit;
};

sql::Agencies agencies_of(const std::vector<Claimed>& claimed) {
  sql::Agencies agencies;
  for (const auto& one : claimed) agencies.push_back(one.agency);
  std::ranges::sort(agencies);
  const auto repeated = std::ranges::unique(agencies);
  agencies.erase(repeated.begin(), repeated.end());
  return agencies;
}

// Who failed before is fired alone, in its turn; rows left out are free again at the commit.
void keep_what_fires_together(std::vector<Claimed>& claimed) {
  auto end = std::ranges::find_if(claimed, [](const Claimed& one) { return one.attempts > 0; });
  if (end == claimed.begin()) ++end;
  claimed.erase(end, claimed.end());
}

Result<> fire_guarded(const FireSlice& fire, std::span<Firing> slice) {
  try {
    return fire(slice);
  } catch (const std::exception& thrown) {
    return fail(Reason::internal, std::string("a timer's firing threw: ") + thrown.what());
  }
}

// What happens to the timers of one kind in one transaction, in one statement each.
struct Changes {
  std::vector<AgencyId> armed_agencies, disarmed_agencies;
  std::vector<Uuid> armed_subjects, disarmed_subjects;
  std::vector<Instant> instants;

  void add(AgencyId agency, Uuid subject, std::optional<Instant> next_due) {
    (next_due ? armed_agencies : disarmed_agencies).push_back(agency);
    (next_due ? armed_subjects : disarmed_subjects).push_back(subject);
    if (next_due) instants.push_back(*next_due);
  }
  void defer(sql::Transaction& transaction, std::string_view kind) const {
    if (!instants.empty()) transaction.defer(statements::arm, kind, armed_agencies, armed_subjects, instants);
    if (!disarmed_subjects.empty()) transaction.defer(statements::disarm, kind, disarmed_agencies, disarmed_subjects);
  }
};

// Nobody's fault but the database's: nothing is put back, all is tried again.
bool is_outage(const Error& error) { return error.reason == Reason::database_unavailable; }

template <class T>
void move_to_end(std::vector<T>& from, std::vector<T>& to) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

Timers::Timers(events::Transactor& transactor, const Clock& clock, Options options)
    : transactor_(transactor), clock_(clock), options_(std::move(options)) {}

Timers::~Timers() {
  if (thread_.joinable()) {
    thread_.request_stop();
    thread_.join();
  }
}

void Timers::on(std::string kind, Fire fire) {
  on_slice(std::move(kind), [fire = std::move(fire)](std::span<Firing> slice) -> Result<> {
    for (auto& firing : slice) firing.next_due = TRY(fire(firing.unit, firing.subject, firing.now));
    return {};
  });
}

void Timers::on_slice(std::string kind, FireSlice fire) {
  assert(!thread_.joinable());
  kinds_.push_back({std::move(kind), std::move(fire), ever});
}

void Timers::start() {
  thread_ = std::jthread([this](std::stop_token stop) { run(std::move(stop)); });
}

void Timers::wake() {
  {
    const std::lock_guard lock(mutex_);
    hint_ = true;
  }
  woken_.notify_one();
}

void Timers::set(events::UnitOfWork& unit, std::string_view kind, Uuid subject, std::optional<Instant> next_due) {
  Changes changes;
  changes.add(unit.agency(), subject, next_due);
  changes.defer(unit.transaction, kind);
}

void Timers::run(std::stop_token stop) {
  const log::Scope scope(options_.name);
  log::Repeated troubles(seconds(10));
  while (!stop.stop_requested()) {
    const auto idle = round();
    if (!idle) troubles.warn("timers do not fire", {{"error", describe(idle.error())}});
    if (idle && *idle == Duration::zero()) continue;
    std::unique_lock lock(mutex_);
    woken_.wait_for(lock, stop, idle ? *idle : options_.poll, [this] { return hint_; });
    hint_ = false;
  }
}

// One look at all kinds and a slice of each that is due, so that none waits for another's thousands. For how long there
// is nothing to do.
Result<Duration> Timers::round() {
  const auto now = clock_.now();
  const bool look_at_all = steady_clock::now() >= look_at_all_at_;
  if (look_at_all) look_at_all_at_ = steady_clock::now() + look_at_all_every;
  std::vector<Instant> beginnings;
  for (auto& kind : kinds_) beginnings.push_back(kind.from = look_at_all ? ever : kind.from);
  const auto earliest = TRY(transactor_.database().read(call(), [&](sql::Transaction& transaction) {
    return transaction.many<Earliest>(statements::earliest, names(), beginnings);
  }));

  Duration idle = options_.poll;
  std::optional<Error> failure;
  for (auto& kind : kinds_) {
    const auto found = std::ranges::find(earliest, kind.name, &Earliest::kind);
    if (found == earliest.end() || found->next_due > now) {
      kind.from = std::max(kind.from, now - overlap);
      if (found != earliest.end()) idle = std::min<Duration>(idle, found->next_due - now);
      continue;
    }
    auto slice = fire_from(kind, kind.from);
    if (!slice) {
      failure = std::move(slice).error();
      continue;
    }
    kind.from = slice->reached;
    if (slice->settled > 0) idle = Duration::zero();  // else another process holds what is due
  }
  if (failure) return *std::move(failure);
  return idle;
}

Result<size_t> Timers::fire_due(std::string_view kind) {
  const auto found = std::ranges::find(kinds_, kind, &Kind::name);
  if (found == kinds_.end()) return fail(Reason::internal, "no timers of the kind " + std::string(kind));
  return TRY(fire_from(*found, ever)).settled;
}

Result<Timers::Slice> Timers::fire_from(const Kind& kind, Instant from) {
  std::vector<Claimed> claimed;
  auto slice = fire_slice(kind, from, options_.slice_subjects, claimed);
  if (slice || claimed.empty() || is_outage(slice.error())) return slice;
  if (claimed.size() > 1) return fire_each(kind, from, claimed.size());
  CHECK_OK(put_back(kind, claimed.front(), slice.error()));
  return Slice{1, from};
}

// After a slice of `count` has failed: as many, each in a transaction of its own.
Result<Timers::Slice> Timers::fire_each(const Kind& kind, Instant from, size_t count) {
  Slice all{0, from};
  while (all.settled < count) {
    std::vector<Claimed> claimed;
    const auto one = fire_slice(kind, from, 1, claimed);
    if (one && one->settled == 0) break;  // another process has taken the rest
    if (!one) {
      if (claimed.empty() || is_outage(one.error())) return one;
      CHECK_OK(put_back(kind, claimed.front(), one.error()));
    }
    ++all.settled;
  }
  return all;
}

// `claimed` tells who was in the slice even if it failed; it is empty if the claim itself did.
Result<Timers::Slice> Timers::fire_slice(const Kind& kind, Instant from, std::int64_t limit,
                                         std::vector<Claimed>& claimed) {
  const auto fired = transactor_.run_for(call(), {}, [&](events::UnitOfWork& slice) -> Result<Slice> {
    claimed.clear();
    const auto now = clock_.now();
    const auto business_now = &clock_ == &transactor_.clock() ? now : slice.now;
    slice.transaction.defer(statements::limit_lock_waits, lock_patience);
    claimed = TRY(slice.transaction.many<Claimed>(statements::claim, kind.name, from, now, limit));
    if (claimed.empty()) return Slice{0, now - overlap};
    const auto found = claimed.size();
    keep_what_fires_together(claimed);
    const bool more = static_cast<std::int64_t>(found) == limit || claimed.size() < found;
    slice.transaction.set_agencies(agencies_of(claimed));

    std::deque<Subject> subjects;
    std::vector<Firing> firings;
    for (const auto& one : claimed) {
      auto& subject = subjects.emplace_back(slice, one.agency, business_now);
      firings.push_back({one.subject, one.next_due, now, subject.unit});
    }
    CHECK_OK(fire_guarded(kind.fire, firings));

    Changes changes;
    for (auto& firing : firings) {
      // What is left over is due now: nothing may hide behind the place where the next slice begins.
      if (firing.next_due) firing.next_due = std::max(*firing.next_due, now);
      changes.add(firing.unit.agency(), firing.subject, firing.next_due);
    }
    changes.defer(slice.transaction, kind.name);
    for (auto& subject : subjects) {
      move_to_end(subject.unit.published, slice.published);
      move_to_end(subject.unit.after_commit, slice.after_commit);
    }
    return Slice{claimed.size(), more ? claimed.back().next_due : now - overlap};
  });
  if (fired) fired_ += static_cast<std::int64_t>(fired->settled);
  return fired;
}

Result<> Timers::put_back(const Kind& kind, const Claimed& claimed, const Error& error) {
  const auto doublings = std::min(claimed.attempts, 10);
  const auto delay = std::min(first_delay * (1 << doublings), longest_delay);
  log::error("a timer could not be fired", {{"kind", kind.name},
                                            {"agency_id", to_string(claimed.agency)},
                                            {"subject_id", to_string(claimed.subject)},
                                            {"attempts", claimed.attempts + 1},
                                            {"retry_seconds", std::int64_t{delay.count()}},
                                            {"error", describe(error)}});
  const auto again_at = clock_.now() + delay;
  TRY(transactor_.database().transact(call(), [&](sql::Transaction& transaction) {
    return transaction.exec(statements::put_back, kind.name, claimed.agency, claimed.subject, claimed.next_due,
                            again_at);
  }));
  ++failed_;
  return {};
}

Result<std::optional<Instant>> Timers::next_due() {
  const auto found = TRY(transactor_.database().read(call(), [&](sql::Transaction& transaction) {
    return transaction.many<Earliest>(statements::earliest_sound, names());
  }));
  const auto first = std::ranges::min_element(found, {}, &Earliest::next_due);
  return first == found.end() ? std::nullopt : std::optional(first->next_due);
}

Result<std::vector<Backlog>> Timers::backlog() {
  return transactor_.database().read(call(), [&](sql::Transaction& transaction) {
    return transaction.many<Backlog>(statements::backlog, names(), clock_.now(), max_counted);
  });
}

std::vector<std::string> Timers::names() const {
  std::vector<std::string> names;
  for (const auto& kind : kinds_) names.push_back(kind.name);
  return names;
}

Call Timers::call() const { return service_call({}, options_.name, options_.patience); }

}  // namespace holdfast::timers
