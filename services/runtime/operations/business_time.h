#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "runtime/core/clock.h"
#include "runtime/core/result.h"
#include "runtime/log/log.h"

namespace holdfast::sql {
class Database;
}

namespace holdfast::operations {

// Moves the business clock of a process, forward only, and keeps where it stands in the database of each service that
// runs here: a process that starts again does not go back, and other processes of the same service follow.
//
// The databases come first, the clock last: what was said to be later than an instant has that instant kept. A process
// that dies between two databases leaves the later one; whoever starts next takes it up.
class BusinessTime {
 public:
  struct Options {
    bool movable = false;
    std::chrono::milliseconds poll{100};  // between two looks at what other processes have kept
  };

  BusinessTime(MovableClock& clock, const Clock& system_clock, Options options);

  // Before the service reads the clock: takes up what its database has kept, and keeps what is further. Called for each
  // service in turn, before `watch`. `moved` is called by whoever moves the clock: it must not block.
  Result<> keep_in(sql::Database& database, std::function<void()> moved);
  // Follows what other processes keep; does nothing where the clock is not movable.
  void watch();
  // Ends the watch, before the services do; waits for a statement at most.
  void stop();

  // To this instant, or nowhere if it has passed. CLOCK_NOT_MOVABLE. Any thread; blocks for the databases.
  Result<> move_to(Instant to);

  Instant now() const { return clock_.now(); }
  bool movable() const { return options_.movable; }

 private:
  struct Keeper {
    sql::Database& database;
    std::function<void()> moved;
  };

  Result<> look();
  void run(const std::stop_token& stop);
  void advance(Duration offset);

  MovableClock& clock_;
  const Clock& system_clock_;
  const Options options_;
  std::vector<Keeper> keepers_;
  log::Repeated troubles_{std::chrono::seconds(10)};
  std::mutex mutex_;  // of the offset, which never goes back, and of the wait
  std::condition_variable_any stopped_;
  std::jthread thread_;
};

}  // namespace holdfast::operations
