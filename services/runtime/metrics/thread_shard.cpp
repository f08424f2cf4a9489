#include "runtime/metrics/thread_shard.h"

#include <algorithm>
#include <array>
#include <mutex>

namespace holdfast::metrics {
namespace {

// Dealing shards out in turn instead made two busy threads share one half of the time, at four times the cost.
class ThreadShard {
 public:
  ThreadShard() {
    const std::lock_guard lock(mutex_);
    const auto least_used = std::ranges::min_element(threads_);
    ++*least_used;
    index_ = static_cast<size_t>(least_used - threads_.begin());
  }

  ~ThreadShard() {
    const std::lock_guard lock(mutex_);
    --threads_[index_];
  }

  ThreadShard(const ThreadShard&) = delete;
  ThreadShard& operator=(const ThreadShard&) = delete;

  size_t index() const { return index_; }

 private:
  static inline std::mutex mutex_;
  static inline std::array<int, shard_count> threads_{};  // under mutex_: how many use each shard

  size_t index_;
};

thread_local const ThreadShard this_thread;

}  // namespace

size_t thread_shard() { return this_thread.index(); }

}  // namespace holdfast::metrics
