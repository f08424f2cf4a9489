#pragma once

#include <condition_variable>
#include <mutex>
#include <span>

#include "runtime/core/call.h"
#include "runtime/events/event.h"
#include "runtime/sql/transaction.h"

namespace holdfast::events {

// How much is committed but not yet on Kafka.
struct Backlog {
  std::int64_t events = 0;  // counted up to Outbox::max_counted
  double oldest_age_seconds = 0;
};

// Where a command leaves its events, in its own transaction: either both are there, or neither.
class Outbox {
 public:
  // Queues the events to travel with the commit; nothing may be locked in this transaction after it. Refuses an event
  // over max_payload_bytes (EVENT_TOO_LARGE). Their sequence is given by the database.
  static Result<> append(sql::Transaction& transaction, std::span<const Event> events);

  // The event's stream goes on behind it at least: after its database was restored to an earlier instant.
  static Result<> reach(sql::Transaction& transaction, const Event& event);

  static Result<Backlog> backlog(sql::Transaction& transaction);
  static constexpr std::int64_t max_counted = 100000;

  // A hint that something was committed, so that the relay of this process need not wait for its next look. Polling is
  // the truth. Any thread.
  void wake();
  // Waits for the hint, at most `longest`. One waiter.
  void wait(std::chrono::milliseconds longest, std::stop_token stop);

 private:
  std::mutex mutex_;
  std::condition_variable_any woken_;
  bool hint_ = false;
};

}  // namespace holdfast::events
