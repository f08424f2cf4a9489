#include "runtime/metrics/sharded_histogram.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace holdfast::metrics {

ShardedHistogram::ShardedHistogram(Buckets bounds)
    : bounds_(std::move(bounds)), shards_(std::make_unique<Shard[]>(shard_count)) {
  assert(!bounds_.empty() && bounds_.size() <= most_bounds);
  assert(std::ranges::adjacent_find(bounds_, std::greater_equal<>()) == bounds_.end());
}

void ShardedHistogram::observe(double value) {
  Shard& shard = shards_[thread_shard()];
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
