#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <vector>

#include "runtime/events/event.h"
#include "runtime/events/group_progress.h"
#include "runtime/events/handlers.h"
#include "runtime/events/kafka.h"
#include "runtime/events/lag.h"
#include "runtime/events/lane.h"
#include "runtime/events/retention.h"
#include "runtime/events/unit_of_work.h"
#include "runtime/log/log.h"

struct rd_kafka_topic_partition_list_s;

namespace holdfast::events {

// Takes events from Kafka and gives each to its handlers: at least once from Kafka, effect once by the inbox.
//
// One thread. What a poll gave is handled in one transaction: the inbox rows, what the handlers wrote and the events
// they published; only then the offsets are stored, and committed in the background every second. When one of them
// fails nothing has happened, and all are handled one by one, each event and handler in a transaction of its own.
//
// A handler that then fails for a passing reason is tried again, 50 ms to 5 s apart, while its partition is paused:
// there, order is worth more than speed; the others go on. What is UNAVAILABLE is tried for ever; what a newer program
// wrote (NEWER_THAN_PROGRAM), for as long as an upgrade may take: `max_upgrade_tries` times; what ran out of time,
// `max_timeouts` times; another passing failure, and INTERNAL, which may have been want of memory, `max_tries` times.
// After that, and at once for any other failure, the event is poison: it is kept in runtime.dead_letters with its
// reason, a copy goes to <topic>.dlq through the outbox, and its partition moves on. So is, unhandled, an event that
// has lain in Kafka for longer than `oldest`: whether it was handled may be forgotten by then (see retention.h).
//
// A rebalance forgets what was taken and not handled; whose the partition is then takes it again, and counts its tries
// from the beginning. When the consumer cannot start, ends fatally or throws, it is made anew a second later and goes
// on at the offsets that are committed; `health` says so meanwhile.
class Consumer {
 public:
  struct Options {
    std::string group;  // "holdfast.tickets"
    kafka::Brokers brokers;
    std::vector<std::string> topics;
    int max_tries = 20;
    int max_upgrade_tries = 720;  // an hour
    std::chrono::milliseconds handler_timeout{10000};
    int max_timeouts = 10;
    std::chrono::milliseconds oldest = oldest_handled;  // by Kafka's timestamp and the system's clock
    size_t batch_events = 200;                          // handled together, at most
    size_t batch_bytes = 1024 * 1024;                   // of payload, beyond the first event
    // Fetched and not in hand: no more is asked for beyond either, and what was asked for comes on top.
    // librdkafka 2.0.2 looks once a second whether there is room again: more than what is handled in a second.
    size_t fetched_events = 10'000;
    size_t fetched_bytes = 8 * 1024 * 1024;  // of payload
  };

  Consumer(Transactor& transactor, Options options);
  // Commits what is stored, leaves the group. Waits for what is in hand, at most a try, the owner's answer, a second
  // try and a burial, each with `handler_timeout` of its own; then 5 s for the group, and 2 s for librdkafka's end.
  ~Consumer();

  // Before start. `name` is the inbox key: never reuse it for another effect. An empty type takes every event.
  void on(std::string name, std::string type, Handler handler, Learn learn = nullptr);

  // For the events of one fact, as far as our struct wants to know it: handle(UnitOfWork&, const Fact&) -> Result<>,
  // or handle(UnitOfWork&, const Fact&, const Event&) where the event's own id matters.
  // Stops the program when the fact does not fit its message.
  template <HasFields Fact, class Handle>
  void on(std::string name, Handle handle) {
    wire::check<Fact>(Fields<Fact>::message);
    on(std::move(name), type_of<Fact>(), take<Fact>(std::move(handle)));
  }
  // learn(const Call&, const Fact&, const Error&) -> Result<bool>
  template <HasFields Fact, class Handle, class LearnOf>
  void on(std::string name, Handle handle, LearnOf learn) {
    wire::check<Fact>(Fields<Fact>::message);
    on(std::move(name), type_of<Fact>(), take<Fact>(std::move(handle)),
       [learn = std::move(learn)](const Call& call, const Event& event, const Error& error) -> Result<bool> {
         return learn(call, TRY(decode<Fact>(event)), error);
       });
  }

  void start();
  // Takes no events more; those in hand go on. Any thread; does not block.
  void request_stop() { thread_.request_stop(); }

  // Gives one event to one handler as Kafka would, once: for tests of handlers.
  Result<> handle(const std::string& handler_name, const Event& event);

  // Gives a dead letter to its handler again. With success it is gone in the handler's own transaction; else it stays,
  // and the handler's error is returned. Those of the handler "relay" go back to the outbox. With an agency, only if it
  // is that agency's. DEAD_LETTER_NOT_FOUND. Any thread; blocks for the handler.
  Result<> redrive(const std::string& handler_name, Uuid event_id, std::optional<AgencyId> agency = std::nullopt);

  // The same for all of a handler and topic, at most 10,000, those of a stream in order, until it is time to end: each
  // for itself, so that one that is refused keeps none up. DEAD_LETTER_NOT_FOUND when there is none. Any thread; blocks
  // until then, and for the last of the handlers.
  Result<Redriven> redrive_all(const std::string& handler_name, const std::string& topic,
                               std::optional<AgencyId> agency, Deadline until);

  // What keeps events from being taken, if anything does. Any thread; does not block.
  Result<> health() const;
  // For how long the event has been tried in vain that has been the longest, and its partition has stood still; 0:
  // none. Any thread; does not block.
  double waiting_seconds() const;

  // Messages that Kafka has for us and that we have not handled, over all our partitions; -1 before the first
  // assignment and while Kafka does not say. As of the last second, or of the last fetch while as much is fetched as
  // may be.
  std::int64_t lag() const { return lag_.load(std::memory_order_relaxed); }
  // Events on Kafka that no process of the group has handled, -1 for a group without topics; what this consumer has in
  // hand is not handled yet. Any thread; asks Kafka, and blocks for that.
  Result<std::int64_t> unhandled() { return progress_.unhandled(); }
  // Fetched and not in hand, as of the last poll.
  std::int64_t fetched() const { return fetched_.load(std::memory_order_relaxed); }
  std::int64_t handled() const { return handled_.load(std::memory_order_relaxed); }
  std::int64_t dead() const { return dead_.load(std::memory_order_relaxed); }

 private:
  template <class Fact>
  static std::string type_of() {
    return events::type_of(wire::prototype(Fields<Fact>::message));
  }
  template <class Fact, class Handle>
  static Handler take(Handle handle) {
    return [handle = std::move(handle)](UnitOfWork& unit, const Event& event) -> Result<> {
      const auto fact = TRY(decode<Fact>(event));
      if constexpr (std::is_invocable_v<const Handle&, UnitOfWork&, const Fact&, const Event&>) {
        return handle(unit, fact, event);
      } else {
        return handle(unit, fact);
      }
    };
  }

  void run(std::stop_token stop);
  Result<> consume_guarded(const std::stop_token& stop);
  Result<> consume(const std::stop_token& stop);
  Result<> open();
  Result<> note(const rd_kafka_message_s& trouble);
  void close();
  void report(const std::optional<Error>& trouble);
  // Adds to the lanes what Kafka has for us, up to a batch; waits for it where nothing else is to be done.
  Result<> fetch();
  Lane::Taken read(const rd_kafka_message_s& message);
  std::chrono::milliseconds patience() const;
  void handle_together();
  void handle_singly(const std::stop_token& stop);
  Result<> give(const Registered& registered, Lane& lane);
  void settle(const Partition& partition, Lane& lane, size_t count);
  void set_paused(const Partition& partition, Lane& lane, bool paused);
  void rebalance(rd_kafka_s& handle, const rd_kafka_topic_partition_list_s* assigned);
  void note_waiting();
  void measure_lag();

  const Options options_;
  Handlers handlers_;
  kafka::Handle handle_;
  GroupProgress progress_;
  std::map<Partition, Lane> lanes_;  // those of the consumer's thread alone
  Partition last_singly_;            // whose turn it was
  Lag not_taken_;
  std::atomic<std::int64_t> lag_{-1};
  static constexpr auto nothing_waits = std::chrono::steady_clock::time_point::max();
  std::atomic<std::chrono::steady_clock::time_point> waiting_since_{nothing_waits};
  std::atomic<std::int64_t> fetched_{0};
  std::atomic<std::int64_t> handled_{0};
  std::atomic<std::int64_t> dead_{0};
  log::Repeated troubles_{std::chrono::seconds(10)};
  mutable std::mutex mutex_;  // a leaf: of trouble_, and of the wait before a new start
  std::condition_variable_any stopped_;
  std::optional<Error> trouble_;
  std::jthread thread_;
};

}  // namespace holdfast::events
