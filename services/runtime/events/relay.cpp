#include "runtime/events/relay.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "runtime/core/mutant.h"
#include "runtime/events/lease.h"
#include "runtime/events/mutants.sql.h"
#include "runtime/events/new_topics.h"
#include "runtime/events/outbox.sql.h"
#include "runtime/events/ranges.h"
#include "runtime/events/rows.h"
#include "runtime/sql/database.h"

namespace holdfast::events {
namespace {

using std::chrono::seconds;

// For each statement, from when it is asked: what Kafka took before has no part in it.
constexpr seconds statement_patience{10};
constexpr seconds pause_after_exception{1};
constexpr std::chrono::milliseconds between_questions{100};  // whether the lease is ours and Kafka is late
// An attempt at the topics holds up the end, and what else this thread does.
constexpr seconds topics_patience{3};
constexpr seconds topics_pause{1};  // until a broker has answered
constexpr auto all_are_there = std::chrono::steady_clock::time_point::max();

}  // namespace

struct Relay::Look {
  std::vector<Queued> batch;
  bool is_full = false;  // there may be more
  HeldBeginning::Horizon before;
};

Relay::Relay(sql::Database& database, Outbox& outbox, Options options)
    : database_(database),
      outbox_(outbox),
      options_(std::move(options)),
      lease_(std::make_unique<Lease>(database, options_.name, options_.lease)),
      producer_(options_.brokers, options_.topic_patience, [&outbox] { outbox.wake(); }),
      held_(options_.topic_pause, options_.topic_grace),
      stalled_(options_.stalled_pause),
      pause_(options_.poll),
      has_topics_(options_.topics.empty()),
      make_topics_at_(has_topics_ ? all_are_there : Clock::time_point{}) {}

Relay::~Relay() {
  if (thread_.joinable()) {
    thread_.request_stop();
    thread_.join();
  }
}

void Relay::start() {
  thread_ = std::jthread([this](std::stop_token stop) { run(std::move(stop)); });
}

void Relay::run(std::stop_token stop) {
  const log::Scope scope(options_.name);
  for (bool ends = false; !ends;) {
    try {
      ends = stop.stop_requested();
      if (!ends) round(stop);
      if (ends && !producer_.is_idle()) static_cast<void>(let_go());
    } catch (const std::exception& thrown) {
      log::error("the relay threw", {{"error", thrown.what()}});
      outbox_.wait(pause_after_exception, stop);
    }
  }
}

void Relay::round(const std::stop_token& stop) {
  const bool ours = lease_->hold();
  reaches_database_ = lease_->answered();
  if (Clock::now() >= measure_at_) {
    measure_backlog(ours);
    measure_at_ = Clock::now() + seconds(1);
  }
  Result<size_t> relayed = 0;
  if (has_topics() && ours) {
    relayed = advance(stop);
  } else if (!producer_.is_idle()) {
    relayed = let_go();
  }
  if (!relayed) {
    relay_troubles_.warn("the outbox is not relayed", {{"error", describe(relayed.error())}});
    reaches_database_ = relayed.error().reason != Reason::database_unavailable;
  }
  if (relayed && *relayed > 0) return;
  outbox_.wait(ours ? options_.poll : options_.lease / 5, stop);
  look_is_due_ = true;
}

// Every process makes sure, whoever has the lease: its consumer needs them too. What a broker does not make keeps only
// its own events up (condemned), and is asked for on.
bool Relay::has_topics() {
  if (Clock::now() < make_topics_at_) return has_topics_;
  const auto made = make_topics(options_.brokers, options_.topics, topics_patience);
  if (!made.missing.empty()) topic_troubles_.warn("events wait for their topics", {{"error", made.missing}});
  has_topics_ = has_topics_ || made.answered;
  const std::chrono::milliseconds pause = has_topics_ ? options_.topic_pause : topics_pause;
  make_topics_at_ = made.missing.empty() ? all_are_there : Clock::now() + pause;
  return has_topics_;
}

void Relay::measure_backlog(bool ours) {
  Result<Backlog> backlog = Backlog{-1, 0};
  if (ours) {
    const auto call = service_call({}, options_.name, seconds(1));
    backlog = database_.read(call, [](sql::Transaction& transaction) { return Outbox::backlog(transaction); });
    if (!backlog) count_troubles_.warn("the outbox is not counted", {{"error", describe(backlog.error())}});
  }
  waiting_ = backlog ? backlog->events : -1;
  oldest_age_seconds_ = backlog ? backlog->oldest_age_seconds : 0;
}

Result<size_t> Relay::relay_once(const std::stop_token& stop) {
  look_is_due_ = true;
  return advance(stop);
}

Result<size_t> Relay::advance(const std::stop_token& stop) {
  if (Clock::now() < again_at_) return 0;
  // However this function is left but with success, nothing stays on its way.
  struct Guard {
    Producer& producer;
    bool keep = false;
    ~Guard() {
      if (!keep) producer.end();
    }
  };
  Guard guard{producer_};
  for (;;) {
    const auto removed = TRY(turn());
    guard.keep = removed > 0 || producer_.is_idle();
    if (guard.keep) return removed;
    if (!wait(stop)) return let_go();
  }
}

// In one transaction: what Kafka has acknowledged is removed, and what is to be sent next is read. How many were
// removed.
Result<size_t> Relay::turn() {
  const auto landed = producer_.landed();
  const bool looks = look_is_due_ && may_look();
  std::vector<std::int64_t> acknowledged;
  for (const auto& batch : landed) std::ranges::transform(batch, std::back_inserter(acknowledged), &Queued::seq);
  if (acknowledged.empty() && !looks) return 0;
  auto look = TRY(exchange(acknowledged, looks));
  sent_ += static_cast<std::int64_t>(acknowledged.size());
  for (const auto& batch : landed) note_landed(batch);
  if (!looks) return acknowledged.size();
  before_ = look.before;
  look_is_due_ = look.is_full;
  if (look.batch.empty()) {
    held_beginning_.looked(before_, before_.last_seq);
  } else {
    if (producer_.is_idle()) sent_at_ = Clock::now();
    producer_.send(std::move(look.batch));
  }
  return acknowledged.size();
}

Result<Relay::Look> Relay::exchange(const std::vector<std::int64_t>& acknowledged, bool looks) {
  const auto call = service_call({}, options_.name, statement_patience);
  if (acknowledged.empty()) {
    return database_.read(call, [&](sql::Transaction& transaction) { return oldest(transaction); });
  }
  return database_.transact(call, [&](sql::Transaction& transaction) -> Result<Look> {
    remove(transaction, acknowledged);
    return looks ? oldest(transaction) : Result<Look>(Look());
  });
}

void Relay::note_landed(const std::vector<Queued>& batch) {
  Sent report;
  std::ranges::transform(batch, std::back_inserter(report.acknowledged), &Queued::seq);
  pause_after(report);
  note_silence(batch, report);
  static_cast<void>(settle(batch, report));  // which parks nothing
  // With anything held back it was alone on its way.
  held_beginning_.looked(before_, std::min(before_.last_seq, batch.back().seq));
}

// What is on its way may be as much as a batch and one look more. Nothing is sent behind a batch that has waited for
// long: when it is given up, what is still unanswered must have had time to be.
bool Relay::may_look() const {
  if (producer_.is_idle()) return true;
  const auto long_time = options_.stall / 8;
  const bool in_trouble = producer_.is_broken() || producer_.is_late(long_time, long_time) || one_by_one_ > 0 ||
                          !held_back().empty() || !stalled_.empty();
  return !in_trouble && producer_.events() <= static_cast<size_t>(options_.batch_events) &&
         producer_.bytes() <= static_cast<size_t>(options_.batch_bytes);
}

// Until there is something to remove, or it is time to look for more; false when what is on its way has to be let go.
bool Relay::wait(const std::stop_token& stop) {
  const auto patience = stalled_.empty() ? options_.patience : options_.stall;
  while (!stop.stop_requested() && lease_->hold()) {
    producer_.poll();
    const bool is_over = producer_.is_broken() && !producer_.is_waiting();
    if (is_over || producer_.is_late(patience, options_.stall)) return false;
    if (producer_.has_landed() || (look_is_due_ && may_look())) return true;
    outbox_.wait(std::min(options_.poll, between_questions), stop);
    look_is_due_ = true;
  }
  return false;
}

// What Kafka took of what is on its way is removed; what became of the rest is considered, and all else forgotten.
Result<size_t> Relay::let_go() {
  const auto [events, report] = producer_.end();
  pause_after(report);
  note_silence(events, report);
  if (!report.acknowledged.empty()) {
    CHECK_OK(exchange(report.acknowledged, false));
    sent_ += static_cast<std::int64_t>(report.acknowledged.size());
  }
  CHECK_OK(settle(events, report));
  return fail(Reason::dependency_unavailable,
              "Kafka did not take all events" +
                  (report.refused.empty() ? std::string() : ": " + report.refused.front().reason));
}

void Relay::pause_after(const Sent& report) {
  const bool is_answered = !report.acknowledged.empty() || !report.refused.empty();
  again_at_ = is_answered ? Clock::time_point{} : sent_at_ + pause_;
  pause_ = is_answered ? Clock::duration(options_.poll) : std::min<Clock::duration>(2 * pause_, options_.longest_pause);
}

std::vector<std::string> Relay::held_back() const {
  const auto refused = held_.at(Clock::now()), silent = stalled_.at(Clock::now());
  std::vector<std::string> both;
  std::ranges::set_union(refused, silent, std::back_inserter(both));
  return both;
}

// That nothing at all was answered says nothing of a topic: then Kafka is away.
void Relay::note_silence(const std::vector<Queued>& batch, const Sent& report) {
  if (report.acknowledged.size() == batch.size() && stalled_.empty()) return;
  std::set<std::int64_t> answered(report.acknowledged.begin(), report.acknowledged.end());
  for (const auto& refusal : report.refused) answered.insert(refusal.seq);
  std::set<std::string> heard, silent;
  for (const auto& event : batch) (answered.contains(event.seq) ? heard : silent).insert(event.topic);
  for (const auto& topic : silent) {
    if (!answered.empty() || stalled_.holds(topic)) stalled_.hold(topic, lease_->term(), Clock::now());
  }
  for (const auto& topic : heard) {
    if (!silent.contains(topic)) stalled_.release(topic);
  }
}

Result<Relay::Look> Relay::oldest(sql::Transaction& transaction) {
  const auto held_back = this->held_back();
  const auto limit = one_by_one_ > 0 ? 1 : options_.batch_events;
  auto on_the_way = ranges_of(producer_.places());
  if (mutant("relay.reads_behind_last") && !producer_.is_idle()) on_the_way = {{0}, {on_the_way.last.back()}};
  Look look;
  transaction.defer(statements::look_alone);
  if (!held_back.empty()) look.before = TRY(transaction.one<HeldBeginning::Horizon>(statements::horizon));
  look.batch = TRY(transaction.many<Queued>(statements::oldest, limit, options_.batch_bytes, held_back,
                                            held_beginning_.end(held_back), on_the_way.first, on_the_way.last));
  look.is_full = std::ssize(look.batch) == limit;
  return look;
}

// A crash of the database may undo it, and the events go out twice: as after a crash of ours.
void Relay::remove(sql::Transaction& transaction, const std::vector<std::int64_t>& acknowledged) {
  const auto ranges = ranges_of(acknowledged);
  transaction.defer(statements::do_not_flush);
  if (mutant("relay.by_last_id")) {
    transaction.defer(statements::remove_up_to, ranges.last);
  } else {
    transaction.defer(statements::remove, ranges.first, ranges.last);
  }
}

// What the answers mean for the next rounds, and for the events that will never be taken.
Result<> Relay::settle(const std::vector<Queued>& batch, const Sent& report) {
  const bool alone = batch.size() == 1;
  std::vector<std::int64_t> places;
  std::string why;
  for (const auto& refusal : report.refused) {
    const auto& event = *std::ranges::find(batch, refusal.seq, &Queued::seq);
    if (!condemned(event, refusal, alone)) continue;
    places.push_back(refusal.seq);
    why = refusal.reason;
  }
  for (const auto seq : report.acknowledged) {
    if (held_.empty()) break;
    held_.release(std::ranges::find(batch, seq, &Queued::seq)->topic);
  }
  const bool in_batch = !alone && std::ranges::any_of(report.refused, [](const auto& one) { return !one.of_topic; });
  if (in_batch) {
    one_by_one_ = batch.size() - report.acknowledged.size();
  } else if (one_by_one_ > 0 && (!report.acknowledged.empty() || !report.refused.empty())) {
    --one_by_one_;
  }
  if (places.empty()) return {};
  CHECK_OK(park(places, why));
  for (const auto seq : places) held_.release(std::ranges::find(batch, seq, &Queued::seq)->topic);
  return {};
}

bool Relay::condemned(const Queued& event, const Refusal& refusal, bool alone) {
  if (!refusal.of_topic) return alone;
  // A topic that could not be made yet is not given up, and its grace begins when it can.
  const bool may_come = make_topics_at_ != all_are_there;
  if (may_come) held_.release(event.topic);
  return held_.refuse(event.topic, lease_->term(), Clock::now()) && !may_come;
}

// The one act of a relay that must not be done on an outdated opinion: only by whom the database knows as the owner.
Result<> Relay::park(const std::vector<std::int64_t>& places, const std::string& why) {
  const auto parked = TRY(database_.transact(
      service_call({}, options_.name, statement_patience), [&](sql::Transaction& transaction) -> Result<std::int64_t> {
        CHECK_OK(lease_->confirm(transaction));
        return transaction.exec(statements::park, places, info(Reason::event_refused).upper, "Kafka: " + why);
      }));
  parked_ += parked;
  log::error("events that Kafka refuses were parked",
             {{"events", parked}, {"first_seq", places.front()}, {"why", why}});
  return {};
}

}  // namespace holdfast::events
