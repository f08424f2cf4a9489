#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "runtime/core/clock.h"
#include "runtime/core/result.h"
#include "runtime/events/lease.h"
#include "runtime/events/retention.h"
#include "runtime/log/log.h"

namespace holdfast::sql {
class Database;
struct Statement;
}  // namespace holdfast::sql

namespace holdfast::operations {

// Forgets what schema runtime keeps for a time: which events were handled, and the answers to repeated requests. Dead
// letters stay until they are redriven.
//
// One thread; of several processes one sweeps, by a lease. A sweep deletes in batches, each a transaction of its own,
// so that nobody waits for it and a crash leaves nothing half done.
class Retention {
 public:
  struct Options {
    std::string name;  // of the lease: "tickets.retention"
    std::chrono::hours inbox = events::inbox_retention;
    std::chrono::hours requests{24};
    std::int64_t batch_rows = 5000;
    std::chrono::milliseconds pause{std::chrono::minutes(10)};  // between two sweeps
    std::chrono::milliseconds lease{30000};
  };

  Retention(sql::Database& database, const Clock& system_clock, Options options);
  ~Retention();  // stops and waits; at most for a batch

  void start();
  // Begins no batch more. Any thread; does not block.
  void request_stop() { thread_.request_stop(); }

  // One sweep, while the lease is ours: how many rows were forgotten. For tests, and the loop itself.
  Result<std::int64_t> sweep(const std::stop_token& stop = {});

 private:
  void run(const std::stop_token& stop);
  Result<std::int64_t> forget(const sql::Statement& rows, std::chrono::hours kept, const std::stop_token& stop);

  sql::Database& database_;
  const Clock& clock_;
  const Options options_;
  events::Lease lease_;
  log::Repeated troubles_{std::chrono::seconds(60)};
  std::mutex mutex_;  // of the wait alone
  std::condition_variable_any stopped_;
  std::jthread thread_;
};

}  // namespace holdfast::operations
