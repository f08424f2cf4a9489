#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "runtime/cache/cache.h"
#include "runtime/cache/tests/private_redis.h"

namespace holdfast::cache {

// What one process has.
struct Replica {
  Replica(RedisOptions options, const Clock& clock)
      : redis(std::move(options), registry), cache("card", {}, &redis, clock, registry) {
    EXPECT_TRUE(redis.wait_until_linked(soon()));
  }

  metrics::Registry registry;
  RedisTier redis;
  Cache cache;

  double joined() const { return metric(registry, "holdfast_cache_joined_total{cache=\"card\"}"); }
  double drops_heard() const { return metric(registry, "holdfast_cache_drops_heard_total"); }
  double hits(const std::string& tier) const {
    return metric(registry, "holdfast_cache_hits_total{cache=\"card\",tier=\"" + tier + "\"}");
  }
};

}  // namespace holdfast::cache
