#pragma once

#include "runtime/cache/cache.h"
#include "runtime/config/settings.h"

namespace holdfast::cache {

// The settings of a service's caches: CacheSettings cache{settings.section("accounts.cache")};
struct CacheSettings {
  explicit CacheSettings(const config::Section& section)
      : redis_password(section, "redis_password", config::Secret(), "Redis's password, if it asks for one."),
        redis_connections(section, "redis_connections", 16, {1, 1'000}, "Most connections kept open to Redis."),
        redis_timeout_ms(section, "redis_timeout_ms", std::chrono::milliseconds(50),
                         {std::chrono::milliseconds(1), std::chrono::milliseconds(1'000)},
                         "Longest that a call waits for Redis before it goes on without."),
        redis_ttl_ms(section, "redis_ttl_ms", std::chrono::milliseconds(600'000),
                     {std::chrono::milliseconds(1'000), std::chrono::milliseconds(86'400'000)},
                     "How long Redis keeps a value that nothing dropped."),
        near_mib(section, "near_mib", 64, {1, 16'384}, "Memory of each cache in this process, in MiB."),
        near_ttl_ms(section, "near_ttl_ms", std::chrono::milliseconds(60'000),
                    {std::chrono::milliseconds(1), std::chrono::milliseconds(3'600'000)},
                    "How long this process keeps a value that nothing dropped."),
        absent_ttl_ms(section, "absent_ttl_ms", std::chrono::milliseconds(2'000),
                      {std::chrono::milliseconds(1), std::chrono::milliseconds(60'000)},
                      "How long it is remembered that there is no such thing."),
        only_replica(section, "only_replica", false,
                     "This process is the service's only replica, also during an update: it trusts its own memory "
                     "without hearing others.") {}

  // Where Redis listens is the process's to say: host:port, or the path of its socket; empty: no Redis, and nothing
  // here. `service` begins the keys and names the channel.
  Result<std::optional<RedisOptions>> redis_options(const std::string& address, std::string service) const {
    if (address.empty()) return std::optional<RedisOptions>();
    RedisOptions options;
    options.address = TRY(parse_redis_address(address));
    options.password = redis_password->reveal();
    options.service = std::move(service);
    options.connections = *redis_connections;
    options.budget = *redis_timeout_ms;
    options.ttl = *redis_ttl_ms;
    options.absent_ttl = *absent_ttl_ms;
    return std::optional(std::move(options));
  }

  CacheLimits limits() const {
    return {static_cast<size_t>(*near_mib) << 20, *near_ttl_ms, *absent_ttl_ms, *only_replica};
  }

  config::Setting<config::Secret> redis_password;
  config::Setting<int> redis_connections;
  config::Setting<std::chrono::milliseconds> redis_timeout_ms;
  config::Setting<std::chrono::milliseconds> redis_ttl_ms;
  config::Setting<int> near_mib;
  config::Setting<std::chrono::milliseconds> near_ttl_ms;
  config::Setting<std::chrono::milliseconds> absent_ttl_ms;
  config::Setting<bool> only_replica;
};

}  // namespace holdfast::cache
