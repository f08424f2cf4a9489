#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <vector>

#include "runtime/core/call.h"
#include "runtime/events/event.h"
#include "runtime/events/kafka.h"
#include "runtime/events/unit_of_work.h"

namespace holdfast::events {

// Answers "done" by success, and otherwise by the error's own retry advice: one that may pass is tried again, any other
// is poison.
using Handler = std::function<Result<>(UnitOfWork&, const Event&)>;

// Asked once when a handler has failed, outside of any transaction: if what the handler did not know could be learned
// (from its owner), the handler is tried again at once. An error of its own takes the place of the handler's.
using Learn = std::function<Result<bool>(const Call&, const Event&, const Error&)>;

// Takes events from Kafka and gives each to its handlers: at least once from Kafka, effect once by the inbox.
//
// One thread. For each event and handler one transaction holds the inbox row, what the handler wrote and the events it
// published; only then the offset is stored, and committed in the background every second. A handler that fails for a
// passing reason is tried again, 50 ms to 5 s apart, while every partition is paused and the group is kept alive: order
// is worth more than speed while a database is away. After `max_tries` such failures that are not UNAVAILABLE, and at
// once for any other failure, the event is poison: it is kept in runtime.dead_letters with its reason, a copy goes to
// <topic>.dlq through the outbox, and its partition moves on.
class Consumer {
 public:
  struct Options {
    std::string group;  // "holdfast.tickets"
    std::string brokers;
    std::vector<std::string> topics;
    int max_tries = 20;
    std::chrono::milliseconds handler_timeout{10000};
  };

  Consumer(Transactor& transactor, Options options);
  ~Consumer();  // stops, commits what is stored, leaves the group; bounded by the handler's timeout

  // Before start. `name` is the inbox key: never reuse it for another effect. An empty type takes every event.
  void on(std::string name, std::string type, Handler handler, Learn learn = nullptr);

  // For the events of one fact, as far as our struct wants to know it: handle(UnitOfWork&, const Fact&) -> Result<>,
  // or handle(UnitOfWork&, const Fact&, const Event&) where the event's own id matters.
  template <HasFields Fact, class Handle>
  void on(std::string name, Handle handle) {
    on(std::move(name), type_of<Fact>(), take<Fact>(std::move(handle)));
  }
  // learn(const Call&, const Fact&, const Error&) -> Result<bool>
  template <HasFields Fact, class Handle, class LearnOf>
  void on(std::string name, Handle handle, LearnOf learn) {
    on(std::move(name), type_of<Fact>(), take<Fact>(std::move(handle)),
       [learn = std::move(learn)](const Call& call, const Event& event, const Error& error) -> Result<bool> {
         return learn(call, TRY(decode<Fact>(event)), error);
       });
  }

  void start();

  // Gives one event to one handler as Kafka would, for redriving a dead letter and for tests of handlers.
  Result<> handle(const std::string& handler_name, const Event& event);

  // Messages that Kafka has for us and that we have not handled, over all our partitions; -1 before the first
  // assignment. As of the last second.
  std::int64_t lag() const { return lag_.load(std::memory_order_relaxed); }
  std::int64_t handled() const { return handled_.load(std::memory_order_relaxed); }
  std::int64_t dead() const { return dead_.load(std::memory_order_relaxed); }

 private:
  struct Registered {
    std::string name;
    std::string type;
    Handler handler;
    Learn learn;
  };

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
  void take(const rd_kafka_message_s& message, const std::stop_token& stop);
  bool give(const Registered& registered, const Event& event, const std::stop_token& stop);
  Result<> attempt(const Registered& registered, const Event& event);
  Result<> attempt_once(const Registered& registered, const Event& event, const Call& call);
  Result<> bury(const Registered& registered, const Event& event, const Error& error);
  void wait_paused(std::chrono::milliseconds pause, const std::stop_token& stop);
  void measure_lag();

  Transactor& transactor_;
  const Options options_;
  std::vector<Registered> handlers_;
  kafka::Handle handle_;
  std::atomic<std::int64_t> lag_{-1};
  std::atomic<std::int64_t> handled_{0};
  std::atomic<std::int64_t> dead_{0};
  std::jthread thread_;
};

}  // namespace holdfast::events
