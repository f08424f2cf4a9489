#include "runtime/events/relay.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "runtime/core/mutant.h"
#include "runtime/events/lease.h"
#include "runtime/events/mutants.sql.h"
#include "runtime/events/new_topics.h"
#include "runtime/events/outbox.sql.h"
#include "runtime/events/rows.h"
#include "runtime/sql/database.h"

namespace holdfast::events {
namespace {

using std::chrono::seconds;

// For each statement, from when it is asked: what Kafka took before has no part in it.
constexpr seconds statement_patience{10};
constexpr seconds pause_after_exception{1};
// An attempt at the topics holds up the end, and what else this thread does.
constexpr seconds topics_patience{3};
constexpr seconds topics_pause{1};  // until a broker has answered
constexpr auto all_are_there = std::chrono::steady_clock::time_point::max();

}  // namespace

struct Relay::Look {
  std::vector<Queued> batch;
  HeldBeginning::Horizon before;
};

Relay::Relay(sql::Database& database, Outbox& outbox, Options options)
    : database_(database),
      outbox_(outbox),
      options_(std::move(options)),
      lease_(std::make_unique<Lease>(database, options_.name, options_.lease)),
      producer_(options_.brokers, options_.topic_patience),
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
  while (!stop.stop_requested()) {
    try {
      round(stop);
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
  const auto relayed = has_topics() && ours ? relay_once(stop) : Result<size_t>(0);
  if (!relayed) {
    relay_troubles_.warn("the outbox is not relayed", {{"error", describe(relayed.error())}});
    reaches_database_ = relayed.error().reason != Reason::database_unavailable;
  }
  if (!relayed || *relayed == 0) outbox_.wait(ours ? options_.poll : options_.lease / 5, stop);
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
  const auto begun = Clock::now();
  if (begun < again_at_) return 0;
  const auto [batch, before] = TRY(oldest());
  if (batch.empty()) {
    held_beginning_.looked(before, before.last_seq);
    return 0;
  }
  const auto patience = stalled_.empty() ? options_.patience : options_.stall;
  const auto report =
      producer_.send(batch, patience, options_.stall, [&] { return !stop.stop_requested() && lease_->hold(); });
  pause_after(report, begun);
  note_silence(batch, report);
  CHECK_OK(remove(report.acknowledged));
  CHECK_OK(settle(batch, report));
  if (report.acknowledged.size() < batch.size()) {
    return fail(Reason::dependency_unavailable,
                "Kafka did not take all events" +
                    (report.refused.empty() ? std::string() : ": " + report.refused.front().reason));
  }
  held_beginning_.looked(before, std::min(before.last_seq, batch.back().seq));
  return report.acknowledged.size();
}

void Relay::pause_after(const Sent& report, Clock::time_point begun) {
  const bool is_answered = !report.acknowledged.empty() || !report.refused.empty();
  again_at_ = is_answered ? begun : begun + pause_;
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

Result<Relay::Look> Relay::oldest() {
  const auto held_back = this->held_back();
  const auto from = held_beginning_.end(held_back);
  const auto limit = one_by_one_ > 0 ? 1 : options_.batch_events;
  const auto call = service_call({}, options_.name, statement_patience);
  return database_.read(call, [&](sql::Transaction& transaction) -> Result<Look> {
    Look look;
    transaction.defer(statements::look_alone);
    if (!held_back.empty()) look.before = TRY(transaction.one<HeldBeginning::Horizon>(statements::horizon));
    look.batch = TRY(transaction.many<Queued>(statements::oldest, limit, options_.batch_bytes, held_back, from));
    return look;
  });
}

Result<> Relay::remove(const std::vector<std::int64_t>& acknowledged) {
  if (acknowledged.empty()) return {};
  TRY(database_.transact(service_call({}, options_.name, statement_patience), [&](sql::Transaction& transaction) {
    // A crash of the database may undo it, and the events go out twice: as after a crash of ours.
    transaction.defer(statements::do_not_flush);
    return transaction.exec(mutant("relay.by_last_id") ? statements::remove_up_to : statements::remove, acknowledged);
  }));
  sent_ += static_cast<std::int64_t>(acknowledged.size());
  return {};
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
