#pragma once

#include <array>
#include <atomic>

#include "runtime/metrics/thread_shard.h"

namespace holdfast::metrics {

// A few counters whose adders do not meet: each thread adds to its shard, and the scrape sums them up. prometheus-cpp's
// own is one number for all, and two busy threads wait for its cache line.
// Eight in a block, so that what one thread adds to fills a cache line and a counter takes 128 bytes. Any thread.
class CounterBlock {
 public:
  static constexpr size_t places = 8;

  void add(size_t place, double amount) {
    shards_[thread_shard()].sums[place].fetch_add(amount, std::memory_order_relaxed);
  }

  // All that was added before it began, and perhaps some of what came meanwhile.
  double sum(size_t place) const {
    double sum = 0;
    for (const Shard& shard : shards_) sum += shard.sums[place].load(std::memory_order_relaxed);
    return sum;
  }

 private:
  struct alignas(64) Shard {
    std::array<std::atomic<double>, places> sums{};
  };
  static_assert(sizeof(Shard) == 64);

  std::array<Shard, shard_count> shards_;
};

}  // namespace holdfast::metrics
