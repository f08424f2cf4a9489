#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "runtime/events/outbox.h"
#include "runtime/events/producer.h"

namespace holdfast::sql {
class Database;
}

namespace holdfast::events {

class Lease;

// Brings a service's outbox to Kafka, in order. One thread of its own; any number of processes may run one, the lease
// lets one of them work.
//
// It never remembers "the last id": sequences are given out before commits, and a slow transaction's row may appear
// below one that was already sent. It reads the oldest rows, sends them, and deletes what Kafka acknowledged. Rows of
// one stream appear in order, because their counter is locked until the commit (Outbox::append). A crash between
// acknowledgement and delete sends events twice; consumers know them by their id.
class Relay {
 public:
  struct Options {
    std::string name;  // of the lease: "relay"
    std::string brokers;
    std::int64_t batch_events = 2000;
    std::chrono::milliseconds poll{20};  // longest wait between two looks at an empty outbox
    std::chrono::milliseconds lease{5000};
    std::chrono::milliseconds patience{30000};  // for the acknowledgements of one batch
  };

  Relay(sql::Database& database, Outbox& outbox, Options options);
  ~Relay();  // stops and waits; at most for one batch

  void start();
  std::int64_t sent() const { return sent_.load(std::memory_order_relaxed); }
  // What waited in the outbox when this thread last looked, at most a second ago.
  Backlog backlog() const { return {waiting_.load(), oldest_age_seconds_.load()}; }

  // One look at the outbox: how many events were sent and removed. For tests, and the loop itself.
  Result<size_t> relay_once();

 private:
  void run(std::stop_token stop);
  void measure_backlog();

  sql::Database& database_;
  Outbox& outbox_;
  const Options options_;
  std::unique_ptr<Lease> lease_;
  Producer producer_;
  std::atomic<std::int64_t> sent_{0};
  std::atomic<std::int64_t> waiting_{0};
  std::atomic<double> oldest_age_seconds_{0};
  std::jthread thread_;
};

}  // namespace holdfast::events
