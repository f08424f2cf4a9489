#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

namespace holdfast::rpc {

// A piece of work that waits in the executor's queue. Exactly one of the two is called, once, and may delete it.
class Job {
 public:
  virtual void run() noexcept = 0;     // on one of the executor's threads
  virtual void refuse() noexcept = 0;  // on the thread that closes the executor
  virtual ~Job() = default;

 private:
  friend class Executor;
  Job* next_ = nullptr;
  size_t bytes_ = 0;
};

// The threads on which handlers may block, and the bounded queue before them: first in, first out. gRPC's own callback
// threads are two on a small machine ([M] blocking there: 5 s for what takes 0.7 s here).
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

  // Never blocks. Unless `queued` is the answer, the job remains the caller's.
  Submitted submit(Job& job, size_t bytes);
  // Refuses what waits, here and now, and whatever is submitted later. Does not wait for what runs.
  void close();

  size_t queued() const;

 private:
  void work();
  Job* next_job();
  bool should_wake();

  const Limits limits_;
  mutable std::mutex mutex_;
  std::condition_variable wakeup_;
  Job* first_ = nullptr;
  Job* last_ = nullptr;
  size_t queued_jobs_ = 0;
  size_t queued_bytes_ = 0;
  int idle_ = 0;         // threads that wait, one that is being woken included
  bool waking_ = false;  // one of them has been notified and has not looked yet
  bool closed_ = false;
  std::vector<std::jthread> threads_;  // last: they use all of the above
};

}  // namespace holdfast::rpc
