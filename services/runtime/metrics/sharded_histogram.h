#pragma once

#include <prometheus/client_metric.h>

#include <array>
#include <atomic>
#include <memory>

#include "runtime/metrics/metrics.h"
#include "runtime/metrics/thread_shard.h"

namespace holdfast::metrics {

// A histogram whose observers do not meet: each thread adds to the counts of its shard, and the scrape sums them up.
// prometheus-cpp's own takes a mutex for every observation, which two busy threads feel.
class ShardedHistogram {
 public:
  static constexpr size_t most_bounds = 22;

  // Bounds ascend strictly; at most `most_bounds` of them.
  explicit ShardedHistogram(Buckets bounds);

  void observe(double value);
  // All that was observed before it began, and perhaps some of what came meanwhile. The count is the sum of the
  // buckets.
  prometheus::ClientMetric::Histogram collect() const;
  const Buckets& bounds() const { return bounds_; }

 private:
  // Whole cache lines, three of them, so that shards never share one.
  struct alignas(64) Shard {
    std::array<std::atomic<std::uint64_t>, most_bounds + 1> counts{};
    std::atomic<double> sum{0};
  };
  static_assert(sizeof(Shard) == 192);

  const Buckets bounds_;
  const std::unique_ptr<Shard[]> shards_;
};

}  // namespace holdfast::metrics
