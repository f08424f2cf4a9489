#include "runtime/metrics/sharded_histogram.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <mutex>

namespace holdfast::metrics {
namespace {

// The shard that this thread adds to, the same in every histogram: its own while no more threads live than there are
// shards. Dealing them out in turn instead made two busy threads share one half of the time, at four times the cost.
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
  static inline std::array<int, ShardedHistogram::shard_count> threads_{};  // under mutex_: how many use each shard

  size_t index_;
};

thread_local const ThreadShard this_thread;

}  // namespace

ShardedHistogram::ShardedHistogram(Buckets bounds)
    : bounds_(std::move(bounds)), shards_(std::make_unique<Shard[]>(shard_count)) {
  assert(!bounds_.empty() && bounds_.size() <= most_bounds);
  assert(std::ranges::adjacent_find(bounds_, std::greater_equal<>()) == bounds_.end());
}

void ShardedHistogram::observe(double value) {
  Shard& shard = shards_[this_thread.index()];
  // The first bucket whose bound is not below the value. A NaN is below none: it counts in the last, as in other
  // clients.
  size_t bucket = 0;
  while (bucket < bounds_.size() && !(value <= bounds_[bucket])) ++bucket;
  shard.counts[bucket].fetch_add(1, std::memory_order_relaxed);
  shard.sum.fetch_add(value, std::memory_order_relaxed);
}

prometheus::ClientMetric::Histogram ShardedHistogram::collect() const {
  prometheus::ClientMetric::Histogram histogram;
  for (size_t shard = 0; shard < shard_count; ++shard) {
    histogram.sample_sum += shards_[shard].sum.load(std::memory_order_relaxed);
  }
  for (size_t bucket = 0; bucket <= bounds_.size(); ++bucket) {
    for (size_t shard = 0; shard < shard_count; ++shard) {
      histogram.sample_count += shards_[shard].counts[bucket].load(std::memory_order_relaxed);
    }
    const bool last = bucket == bounds_.size();
    histogram.bucket.push_back(
        {histogram.sample_count, last ? std::numeric_limits<double>::infinity() : bounds_[bucket]});
  }
  return histogram;
}

}  // namespace holdfast::metrics
