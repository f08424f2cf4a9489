#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "runtime/log/log.h"

namespace holdfast::notifications {

// Beyond an attempt itself: for recording it while the database is slow.
constexpr std::chrono::seconds record_patience{30};

// Threads that block for others, so that nobody else has to: each has its own sender and does one job after the other.
// A job that throws is logged and left undone: its lease in the database ends, and it is given again.
template <class Job>
class Workers {
 public:
  using Work = std::function<void(const Job&)>;

  // `freed` is called after each job by the worker who could now do another.
  explicit Workers(std::function<void()> freed) : freed_(std::move(freed)) {}
  ~Workers() { stop(); }

  // One thread, which alone calls `work`.
  void add(Work work) {
    const std::lock_guard lock(mutex_);
    ++free_;
    threads_.emplace_back([this, work = std::move(work)](std::stop_token stop) { run(work, std::move(stop)); });
  }

  // How many jobs could be given now and would begin at once. Whoever alone gives jobs, and no more than this at a
  // time, can count on it; below 0, more were given than there are threads for.
  int free() const {
    const std::lock_guard lock(mutex_);
    return free_ - static_cast<int>(jobs_.size());
  }

  void give(Job job) {
    {
      const std::lock_guard lock(mutex_);
      jobs_.push_back(std::move(job));
    }
    given_.notify_one();
  }

  // Waits until what was given is done, for as long as a sender may block.
  void stop() {
    for (auto& thread : threads_) thread.request_stop();
    threads_.clear();
  }

 private:
  void run(const Work& work, std::stop_token stop) {
    std::unique_lock lock(mutex_);
    while (given_.wait(lock, stop, [&] { return !jobs_.empty(); })) {
      const Job job = std::move(jobs_.front());
      jobs_.pop_front();
      --free_;
      lock.unlock();
      do_guarded(work, job);
      lock.lock();
      ++free_;
      lock.unlock();
      freed_();
      lock.lock();
    }
  }

  static void do_guarded(const Work& work, const Job& job) {
    try {
      work(job);
    } catch (const std::exception& thrown) {
      log::error("a worker's job threw", {{"error", thrown.what()}});
    }
  }

  const std::function<void()> freed_;
  mutable std::mutex mutex_;  // a leaf
  std::condition_variable_any given_;
  std::deque<Job> jobs_;
  int free_ = 0;
  std::vector<std::jthread> threads_;
};

}  // namespace holdfast::notifications
