#include "runtime/rpc/executor.h"

#include <algorithm>

namespace holdfast::rpc {
namespace {

constexpr std::chrono::nanoseconds nothing{-1};

}  // namespace

Executor::Executor(Limits limits) : limits_(limits) {
  for (int index = 0; index < limits.threads; ++index) {
    threads_.emplace_back([this] { work(); });
  }
}

Executor::~Executor() { close(); }

Executor::Submitted Executor::submit(Job& job, size_t bytes, std::chrono::nanoseconds patience) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return Submitted::closed;
    if (queued_jobs_ >= limits_.queued_jobs || queued_bytes_ + bytes > limits_.queued_bytes) return Submitted::full;
    if (wait() > std::max(patience / 2, std::chrono::nanoseconds(0))) return Submitted::full;
    job.next_ = nullptr;
    job.bytes_ = bytes;
    (first_ == nullptr ? first_ : last_->next_) = &job;
    last_ = &job;
    ++queued_jobs_;
    queued_bytes_ += bytes;
    wake = should_wake();
  }
  if (wake) wakeup_.notify_one();
  return Submitted::queued;
}

void Executor::close() {
  Job* job = nullptr;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    job = first_;
    first_ = nullptr;
    queued_jobs_ = 0;
    queued_bytes_ = 0;
  }
  wakeup_.notify_all();
  while (job != nullptr) {
    Job* const next = job->next_;  // refuse() may delete the job
    job->refuse();
    job = next;
  }
}

size_t Executor::queued() const {
  const std::lock_guard lock(mutex_);
  return queued_jobs_;
}

void Executor::work() {
  auto took = nothing;
  while (Job* const job = next_job(took)) {
    const auto began = std::chrono::steady_clock::now();
    took = job->run() ? std::chrono::steady_clock::now() - began : nothing;
  }
}

// Of whoever comes now.
std::chrono::nanoseconds Executor::wait() const {
  return usual_ * static_cast<std::int64_t>(queued_jobs_) / limits_.threads;
}

// One thread is woken at a time, and the woken one wakes the next while there is more to do: short jobs are then done
// by few threads. Waking one for every job took 40 to 60 µs of processor a call with 16 threads, this takes 30 [M].
bool Executor::should_wake() {
  if (idle_ == 0 || waking_) return false;
  waking_ = true;
  return true;
}

// Blocks until there is work; nullptr when the executor is closed.
Job* Executor::next_job(std::chrono::nanoseconds last_took) {
  std::unique_lock lock(mutex_);
  if (last_took != nothing) usual_ += usual_.count() == 0 ? last_took : (last_took - usual_) / 16;
  while (first_ == nullptr && !closed_) {
    ++idle_;
    wakeup_.wait(lock);
    --idle_;
    waking_ = false;
  }
  if (closed_) return nullptr;
  Job* const job = first_;
  first_ = job->next_;
  --queued_jobs_;
  queued_bytes_ -= job->bytes_;
  const bool wake = first_ != nullptr && should_wake();
  lock.unlock();
  if (wake) wakeup_.notify_one();
  return job;
}

}  // namespace holdfast::rpc
