#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <thread>

#include "accounts/app/import_steps.h"
#include "runtime/timers/timers.h"

namespace holdfast::accounts {

// Works on imports, one at a time in each process: reading a book takes memory.
//
// An import's timer fires when it was started; the firing moves it on by a lease and gives the import to the thread
// here, if that is free. Each step moves it on again. A process that dies in the middle leaves the lease to end: then
// the timer fires again, in this process or another, and the import goes on where its cursor stands.
class ImportWorker {
 public:
  // Registers the timer's kind; `timers` is the system clock's, fires after this, and stops before stop().
  ImportWorker(ImportWorkshop workshop, timers::Timers& timers);
  ~ImportWorker() { stop(); }

  // Begins no step more; another process goes on where the cursor stands. Any thread; does not block.
  void request_stop() { thread_.request_stop(); }
  // Waits for the step in hand: a chunk, or a question while files are read.
  void stop();

  std::int64_t steps() const { return steps_.load(std::memory_order_relaxed); }
  std::int64_t failed_steps() const { return failed_steps_.load(std::memory_order_relaxed); }

 private:
  struct Job {
    AgencyId agency;
    ImportId import;
  };

  Result<> fire(timers::Firing& firing, bool& free);
  void give(const Job& job);
  bool is_free();
  void run(std::stop_token stop);
  void work_on(const Job& job, const std::stop_token& stop);
  Result<StepOutcome> step(const Job& job, const std::stop_token& stop);
  void note_failure(const Job& job, const Error& error);
  void postpone(const Job& job, Duration by);

  const ImportWorkshop workshop_;
  std::atomic<std::int64_t> steps_{0};
  std::atomic<std::int64_t> failed_steps_{0};
  std::mutex mutex_;  // a leaf: guards the two below
  bool busy_ = false;
  std::optional<Job> given_;
  std::condition_variable_any came_;
  std::jthread thread_;  // last: uses all of the above
};

}  // namespace holdfast::accounts
