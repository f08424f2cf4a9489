#include "runtime/timers/timers.h"

#include <algorithm>
#include <cassert>
#include <deque>
#include <exception>
#include <iterator>

#include "runtime/core/mutant.h"
#include "runtime/log/log.h"
#include "runtime/sql/database.h"
#include "runtime/sql/give_way.h"
#include "runtime/timers/mutants.sql.h"
#include "runtime/timers/rows.h"
#include "runtime/timers/timers.sql.h"

namespace holdfast::timers {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds first_delay{1};
constexpr seconds longest_delay{300};

// Dead index entries of what was fired cost each look until vacuum, and whatever holds back vacuum makes them dear. So
// the loop's looks begin where the last ones ended, less `overlap` for transactions that were in flight and for clocks
// that differ. What was set for an instant before that is found by a look at everything, made this often.
constexpr seconds overlap{10};
constexpr seconds look_at_all_every{1};
// Row-level security lets each probe of an index try all agencies that are shown: 2 µs each where a statement does not
// name the agency, 0.05 µs where it does, so a slice of 1,000 agencies is not shown whole. Shown one by one, each takes
// a round trip.
constexpr size_t agencies_shown_together = 32;
// A scrape is seconds away from the next.
constexpr seconds count_every{5};
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

// The firings from the front on whose agencies are few enough to be shown together.
std::span<Firing> shown_together(std::span<Firing> firings, size_t most, sql::Agencies& agencies) {
  size_t count = 0;
  for (; count < firings.size(); ++count) {
    const auto agency = firings[count].unit.agency();
    if (std::ranges::find(agencies, agency) != agencies.end()) continue;
    if (agencies.size() == most) break;
    agencies.push_back(agency);
  }
  return firings.first(count);
}

// Who failed before is fired alone, in its turn; rows left out are free again at the commit.
void keep_what_fires_together(std::vector<Claimed>& claimed) {
  auto end = std::ranges::find_if(claimed, [](const Claimed& one) { return one.attempts > 0; });
  if (end == claimed.begin()) ++end;
  claimed.erase(end, claimed.end());
}

Result<> fire_guarded(const FireSlice& fire, std::span<Firing> firings) {
  try {
    return fire(firings);
  } catch (const std::exception& thrown) {
    return fail(Reason::internal, std::string("a timer's firing threw: ") + thrown.what());
  }
}

Result<> fire_all(const FireSlice& fire, size_t agencies_shown, sql::Transaction& transaction,
                  std::span<Firing> firings) {
  while (!firings.empty()) {
    sql::Agencies agencies;
    const auto some = shown_together(firings, agencies_shown, agencies);
    transaction.set_agencies(agencies);
    CHECK_OK(fire_guarded(fire, some));
    firings = firings.subspan(some.size());
  }
  return {};
}

// What becomes of claimed timers, in one statement each: they are held already, so their order is nobody's concern.
struct Changes {
  std::vector<RowPlace> armed, disarmed;
  std::vector<Instant> instants;

  void add(RowPlace place, std::optional<Instant> next_due) {
    (next_due ? armed : disarmed).push_back(std::move(place));
    if (next_due) instants.push_back(*next_due);
  }
  void defer(sql::Transaction& transaction) const {
    if (!armed.empty()) transaction.defer(statements::arm_claimed, armed, instants);
    if (!disarmed.empty()) transaction.defer(statements::disarm_claimed, disarmed);
  }
};

// Nobody's fault but the database's: nothing is put back, all is tried again.
bool database_is_away(const Error& error) {
  return error.reason == Reason::database_unavailable || error.reason == Reason::outcome_unknown;
}

}  // namespace

Timers::Timers(events::Transactor& transactor, const Clock& clock, Options options)
    : transactor_(transactor), clock_(clock), options_(std::move(options)) {}

void Timers::stop() {
  request_stop();
  sweepers_.clear();
}

void Timers::on(std::string kind, Fire fire) {
  on_parts(std::move(kind), [fire = std::move(fire)](std::span<Firing> slice) -> Result<> {
    std::optional<AgencyId> shown;
    for (auto& firing : slice) {
      const auto agency = firing.unit.agency();
      if (shown != agency) firing.unit.transaction.set_agencies({agency});
      shown = agency;
      firing.next_due = TRY(fire(firing.unit, firing.subject, firing.now));
    }
    return {};
  });
}

void Timers::on_slice(std::string kind, FireSlice fire, Capacity capacity) {
  assert(sweepers_.empty() && std::ranges::count(kinds(), kind) == 0);
  kinds_.push_back({std::move(kind), std::move(fire), false, std::move(capacity)});
}

void Timers::on_parts(std::string kind, FireSlice fire) {
  assert(sweepers_.empty() && std::ranges::count(kinds(), kind) == 0);
  kinds_.push_back({std::move(kind), std::move(fire), true, {}});
}

void Timers::start() {
  // Two would each claim what one has room for.
  assert(options_.sweepers == 1 || std::ranges::none_of(kinds_, [](const Kind& kind) { return !!kind.capacity; }));
  for (int number = 0; number < options_.sweepers; ++number) sweepers_.push_back(new_sweeper());
  for (auto& sweeper : sweepers_) {
    const bool leads = &sweeper == &sweepers_.front();
    sweeper.thread = std::jthread([this, &sweeper, leads](const std::stop_token& stop) { run(sweeper, leads, stop); });
  }
}

Timers::Sweeper Timers::new_sweeper() const {
  return {.places = std::vector<Place>(kinds_.size(), {ever, options_.slice_subjects})};
}

void Timers::wake() {
  {
    const std::lock_guard lock(mutex_);
    hint_ = true;
  }
  woken_.notify_all();
}

void Timers::ask_for_help(const Sweeper& sweeper) {
  {
    const std::lock_guard lock(mutex_);
    begun_ = sweeper.places;
    help_ = options_.sweepers - 1;
  }
  woken_.notify_all();
}

void Timers::set(events::UnitOfWork& unit, std::string_view kind, Uuid subject, std::optional<Instant> next_due) {
  unit.due.set(kind, unit.agency(), subject, next_due);
}

void Timers::set_if_none(events::UnitOfWork& unit, std::string_view kind, Uuid subject, Instant next_due) {
  unit.due.set_if_none(kind, unit.agency(), subject, next_due);
}

// The first thread looks when anything may be due; the others when it has found more than a slice, until they find
// nothing.
void Timers::run(Sweeper& sweeper, bool leads, const std::stop_token& stop) {
  const log::Scope scope(options_.name);
  log::Repeated troubles(seconds(10));
  bool works = leads;
  while (!stop.stop_requested()) {
    const auto idle = works ? round_guarded(sweeper, leads) : options_.poll;
    if (!idle) troubles.warn("timers do not fire", {{"error", describe(idle.error())}});
    if (idle && *idle == Duration::zero()) continue;
    std::unique_lock lock(mutex_);
    if (leads) {
      woken_.wait_for(lock, stop, idle ? *idle : options_.poll, [this] { return hint_; });
      hint_ = false;
    } else {
      works = woken_.wait(lock, stop, [this] { return help_ > 0; });
      if (!works) break;
      --help_;
      sweeper.places = begun_;
    }
  }
}

// What is thrown here, bad_alloc included, costs one look: all that it found is in the database as well.
Result<Duration> Timers::round_guarded(Sweeper& sweeper, bool leads) {
  try {
    if (leads) count();
    return round(sweeper);
  } catch (const std::exception& thrown) {
    return fail(Reason::internal, std::string("a look at what is due threw: ") + thrown.what());
  }
}

void Timers::count() {
  if (steady_clock::now() < count_at_) return;
  count_at_ = steady_clock::now() + count_every;
  auto now = backlog();
  const std::lock_guard lock(counted_mutex_);
  counted_ = now ? *std::move(now) : std::vector<Backlog>();
}

std::optional<Backlog> Timers::counted(std::string_view kind) const {
  const std::lock_guard lock(counted_mutex_);
  const auto found = std::ranges::find(counted_, kind, &Backlog::kind);
  return found == counted_.end() ? std::nullopt : std::optional(*found);
}

// Nothing is claimed by a look: mostly nothing is due, and one statement that reads is one round trip.
Result<std::vector<Earliest>> Timers::look(const std::vector<std::string>& kinds, const std::vector<Instant>& from) {
  return transactor_.database().read(call(), [&](sql::Transaction& transaction) {
    return transaction.many<Earliest>(statements::earliest, kinds, from);
  });
}

// One look at all kinds and a slice of each that is due, so that none waits for another's thousands. For how long there
// is nothing to do.
Result<Duration> Timers::round(Sweeper& sweeper) {
  const auto now = clock_.now();
  const bool look_at_all = steady_clock::now() >= sweeper.look_at_all_at;
  if (look_at_all) sweeper.look_at_all_at = steady_clock::now() + look_at_all_every;
  std::vector<Instant> beginnings;
  for (auto& place : sweeper.places) beginnings.push_back(place.from = look_at_all ? ever : place.from);
  const auto earliest = TRY(look(kinds(), beginnings));

  Duration idle = options_.poll;
  std::optional<Error> failure;
  for (size_t number = 0; number < kinds_.size() && !stopping_; ++number) {
    auto& place = sweeper.places[number];
    const auto found = std::ranges::find(earliest, kinds_[number].name, &Earliest::kind);
    if (found == earliest.end() || found->next_due > now) {
      place.from = std::max(place.from, now - overlap);
      if (found != earliest.end()) idle = std::min<Duration>(idle, found->next_due - now);
      continue;
    }
    auto slice = sweep(kinds_[number], place);
    if (!slice) {
      failure = std::move(slice).error();
      continue;
    }
    if (slice->more) ask_for_help(sweeper);
    // Else another process holds what is due, or nobody here could do it.
    if (slice->settled > 0) idle = Duration::zero();
  }
  if (failure) return *std::move(failure);
  return idle;
}

// The next slice of a kind that is due. Slices grow while each is full: what a commit costs is then shared by more.
Result<Timers::Slice> Timers::sweep(const Kind& kind, Place& place) {
  const auto limit = std::exchange(place.slice_size, options_.slice_subjects);
  const auto slice = TRY(fire_from(kind, place.from, limit));
  place.from = slice.reached;
  const bool full = kind.in_parts && slice.more && slice.settled == static_cast<size_t>(limit);
  if (full) place.slice_size = std::min(2 * limit, options_.largest_slice_subjects);
  return slice;
}

Result<size_t> Timers::fire_due(std::string_view kind) {
  const auto found = std::ranges::find(kinds_, kind, &Kind::name);
  if (found == kinds_.end()) return fail(Reason::internal, "no timers of the kind " + std::string(kind));
  const auto earliest = TRY(look({found->name}, {ever}));
  if (earliest.empty() || earliest.front().next_due > clock_.now()) return 0;
  return TRY(fire_from(*found, ever, options_.slice_subjects)).settled;
}

Result<Timers::Slice> Timers::fire_from(const Kind& kind, Instant from, std::int64_t limit) {
  if (kind.capacity) limit = std::min(limit, kind.capacity());
  if (limit <= 0) return Slice{0, from};
  std::vector<Claimed> claimed;
  auto slice = fire_slice(kind, from, limit, claimed);
  if (slice || claimed.empty() || database_is_away(slice.error())) return slice;
  if (limit > options_.slice_subjects) return fire_from(kind, from, options_.slice_subjects);
  if (claimed.size() > 1) return fire_each(kind, from, claimed.size());
  CHECK_OK(put_back(kind, claimed.front(), slice.error()));
  return Slice{1, from};
}

// After a slice of `count` has failed: as many, each in a transaction of its own.
Result<Timers::Slice> Timers::fire_each(const Kind& kind, Instant from, size_t count) {
  Slice all{0, from};
  while (all.settled < count && !stopping_) {
    std::vector<Claimed> claimed;
    const auto one = fire_slice(kind, from, 1, claimed);
    if (one && one->settled == 0) break;  // another process has taken the rest
    if (!one) {
      if (claimed.empty() || database_is_away(one.error())) return one;
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
    sql::give_way(slice.transaction);
    const auto& claim = mutant("timers.claimed_by_all") ? statements::claim_unlocked : statements::claim;
    claimed = TRY(slice.transaction.many<Claimed>(claim, kind.name, from, now, limit));
    if (claimed.empty()) return Slice{0, now - overlap};
    const auto found = claimed.size();
    keep_what_fires_together(claimed);
    const bool more = static_cast<std::int64_t>(found) == limit || claimed.size() < found;
    const auto last_due = claimed.back().next_due;
    // Within a backlog, subjects of one agency go together: few are then shown at once.
    if (limit > options_.slice_subjects) std::ranges::stable_sort(claimed, {}, &Claimed::agency);
    std::deque<Subject> subjects;
    std::vector<Firing> firings;
    for (const auto& one : claimed) {
      auto& subject = subjects.emplace_back(slice, one.agency, business_now);
      firings.push_back({one.subject, one.next_due, now, subject.unit});
    }
    CHECK_OK(fire_all(kind.fire, kind.in_parts ? agencies_shown_together : firings.size(), slice.transaction, firings));

    for (auto& subject : subjects) slice.take(subject.unit);
    Changes changes;
    for (size_t number = 0; number < firings.size(); ++number) {
      auto& firing = firings[number];
      // What is left over is due now: nothing may hide behind the place where the next slice begins.
      if (firing.next_due) firing.next_due = std::max(*firing.next_due, now);
      changes.add(std::move(claimed[number].place), firing.next_due);
      slice.due.leave(kind.name, firing.unit.agency(), firing.subject);
    }
    changes.defer(slice.transaction);
    return Slice{claimed.size(), more ? last_due : now - overlap, more};
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
    const auto& put_back = mutant("timers.given_up") ? statements::give_up : statements::put_back;
    return transaction.exec(put_back, kind.name, claimed.agency, claimed.subject, claimed.next_due, again_at);
  }));
  ++failed_;
  return {};
}

Result<std::optional<Instant>> Timers::next_due() {
  const auto found = TRY(transactor_.database().read(call(), [&](sql::Transaction& transaction) {
    return transaction.many<Earliest>(statements::earliest_sound, kinds());
  }));
  const auto first = std::ranges::min_element(found, {}, &Earliest::next_due);
  return first == found.end() ? std::nullopt : std::optional(first->next_due);
}

Result<std::vector<Backlog>> Timers::backlog() {
  return transactor_.database().read(call(), [&](sql::Transaction& transaction) {
    return transaction.many<Backlog>(statements::backlog, kinds(), clock_.now(), max_counted);
  });
}

std::vector<std::string> Timers::kinds() const {
  std::vector<std::string> names;
  for (const auto& kind : kinds_) names.push_back(kind.name);
  return names;
}

Call Timers::call() const { return service_call({}, options_.name, options_.patience); }

}  // namespace holdfast::timers
