#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

namespace holdfast::rpc {

// A piece of work that waits in the executor's queue. Exactly one of the two is called, once, and may delete it.
class Job {
 public:
  // On one of the executor's threads. False: it was dropped, and tells nothing of how long a job takes.
  virtual bool run() noexcept = 0;
  virtual void refuse() noexcept = 0;  // on the thread that closes the executor
  virtual ~Job() = default;

 private:
  friend class Executor;
  Job* next_ = nullptr;
  size_t bytes_ = 0;
};

// The threads on which handlers may block, and the bounded queue before them: first in, first out. gRPC's own callback
// threads are two on a small machine ([M] blocking there: 5 s for what takes 0.7 s here).
//
// A job that would wait for longer than half of its patience, by what jobs took lately, is refused at once: it would
// only stand there until nobody wants its answer, before others of which the same is true. [M] With five times the load
// that can be borne, 8 % of the peak was answered in time without this.
class Executor {
 public:
  struct Limits {
    int threads;
    size_t queued_jobs;
    size_t queued_bytes;  // what the queued jobs hold in memory, by their own account
  };
  enum class Submitted { queued, full, closed };

  explicit Executor(Limits limits);
  // Closes, then waits for the jobs that run.
  ~Executor();

  // Never blocks. Unless `queued` is the answer, the job remains the caller's. `patience`: until its answer is too
  // late.
  Submitted submit(Job& job, size_t bytes, std::chrono::nanoseconds patience = std::chrono::nanoseconds::max());
  // Refuses what waits, here and now, and whatever is submitted later. Does not wait for what runs.
  void close();

  size_t queued() const;

 private:
  void work();
  Job* next_job(std::chrono::nanoseconds last_took);
  std::chrono::nanoseconds wait() const;
  bool should_wake();

  const Limits limits_;
  mutable std::mutex mutex_;
  std::condition_variable wakeup_;
  Job* first_ = nullptr;
  Job* last_ = nullptr;
  size_t queued_jobs_ = 0;
  size_t queued_bytes_ = 0;
  std::chrono::nanoseconds usual_{0};  // that a job takes: a mean in which the last sixteen or so count
  int idle_ = 0;                       // threads that wait, one that is being woken included
  bool waking_ = false;                // one of them has been notified and has not looked yet
  bool closed_ = false;
  std::vector<std::jthread> threads_;  // last: they use all of the above
};

}  // namespace holdfast::rpc
