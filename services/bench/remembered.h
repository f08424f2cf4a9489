#pragma once

#include <cstdint>

#include "runtime/cache/cache.h"
#include "runtime/core/clock.h"
#include "runtime/metrics/metrics.h"

namespace holdfast::bench {

// A process's caches of so many accounts: as many lie near, and in Redis, as there is room for.
class Remembered {
 public:
  explicit Remembered(std::int64_t accounts);

  // The median of looks, in microseconds, once all have been stored that there is room for; at those that were stored
  // last, so that each finds what it asks for.
  double near_us();
  // The same, in a Redis that has just been emptied and filled with them.
  double redis_us();

 private:
  void store_in_redis();

  const std::int64_t accounts_;
  SystemClock clock_;
  metrics::Registry registry_;
  cache::RedisTier redis_;
  cache::Cache near_{"near", {.only_replica = true}, nullptr, clock_, registry_};
  // Nothing stays near: each look goes to Redis.
  cache::Cache far_{"far", {.near_bytes = 0}, &redis_, clock_, registry_};
};

}  // namespace holdfast::bench
