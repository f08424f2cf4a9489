#include "runtime/cache/cache.h"

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <random>
#include <stdexcept>
#include <thread>

#include "bench/bench.h"
#include "bench/things.h"
#include "runtime/core/call.h"

namespace holdfast::bench {
namespace {

using std::chrono::steady_clock;

constexpr int herd = 10'000;
constexpr int threads = 64;  // of a process that answers calls
constexpr std::int64_t keys = 1000;
constexpr int writes = 500;

// What each process of a service has.
struct Replica {
  explicit Replica(const cache::CacheLimits& limits)
      : redis({.address = require(cache::parse_redis_address(environment("HOLDFAST_TEST_REDIS"))),
               .service = "bench." + run_name},
              registry),
        cache("card", limits, &redis, clock, registry) {
    if (!redis.wait_until_linked(steady_clock::now() + std::chrono::seconds(10))) {
      throw std::runtime_error("Redis is not there");
    }
  }

  cache::EntryPointer get(std::string_view key, const cache::Loader& loader, std::int64_t at_least = 0) {
    return require(cache.get(service_call(agency, "bench", std::chrono::seconds(30)), key, loader, at_least));
  }

  // Of this run's own: Redis may remember another.
  static inline const std::string run_name = to_string(new_uuid());

  SystemClock clock;
  metrics::Registry registry;
  cache::RedisTier redis;
  cache::Cache cache;
};

// The database, and how often it was asked.
struct Cards {
  Cards() {
    things.run(fmt::format("INSERT INTO cards SELECT '{}', n, '{}' FROM generate_series(0, {}) AS n", to_string(agency),
                           stored_text(), keys - 1));
  }
  cache::Loader loader(const std::string& key) {
    return [this, key]() -> Result<cache::Loaded> {
      ++queries;
      const auto call = service_call(agency, "bench", std::chrono::seconds(30));
      return cache::Loaded{TRY(stored(database, call, key)), 1};
    };
  }

  const Things things;
  sql::Database database{things.options(16)};
  std::atomic<std::int64_t> queries{0};
};

// So many threads do it, until it says that it is enough.
template <class Once>
void at_once(int count, const Once& once) {
  std::atomic<bool> failed{false};
  {
    std::vector<std::jthread> working;
    for (int thread = 0; thread < count; ++thread) {
      working.emplace_back([&] {
        try {
          while (once()) {
          }
        } catch (const std::exception&) {
          failed = true;
        }
      });
    }
  }
  if (failed) throw std::runtime_error("a lookup failed");
}

// Calls for one key that nobody has, as many as a queue holds, taken by the threads of a process.
void measure_herd(const Run& run) {
  Cards cards;
  Replica replica({});
  std::vector<double> queries;
  for (int round = 0; round < run.rounds; ++round) {
    const auto key = std::to_string(round);
    const auto before = cards.queries.load();
    std::atomic<int> left{herd};
    at_once(threads, [&] {
      if (left-- <= 0) return false;
      replica.get(key, cards.loader(key));
      return true;
    });
    queries.push_back(static_cast<double>(cards.queries - before));
  }
  report({"cache.herd", percentile(queries, 1), "queries", at_most(1), spread(queries),
          fmt::format("{} calls for one key that nobody has, {} threads of a process", grouped(herd), threads)});
}

// Two processes that keep nothing near, so that each look goes to Redis, which forgets all.
void measure_flush(const Run& run) {
  Cards cards;
  std::array<Replica, 2> replicas{Replica({.near_bytes = 0}), Replica({.near_bytes = 0})};
  for (std::int64_t key = 0; key < keys; ++key) {
    const auto name = std::to_string(key);
    replicas[0].get(name, cards.loader(name));
  }
  std::vector<double> ratios;
  for (int round = 0; round < run.rounds; ++round) {
    std::atomic<std::int64_t> looks{0}, before{0};
    constexpr std::int64_t warm = keys, all = keys * 20;  // a key is missed by a look in e^20 of them
    at_once(16, [&] {
      const auto look = looks++;
      if (look == warm) {
        before = cards.queries.load();
        const auto redis = require(
            cache::RedisConnection::connect(require(cache::parse_redis_address(environment("HOLDFAST_TEST_REDIS"))), {},
                                            steady_clock::now() + std::chrono::seconds(5)));
        require(redis->command({"FLUSHALL"}, steady_clock::now() + std::chrono::seconds(5)));
      }
      if (look >= warm + all) return false;
      thread_local std::minstd_rand random{std::random_device{}()};
      const auto name = std::to_string(random() % keys);
      replicas[random() % 2].get(name, cards.loader(name));
      return true;
    });
    ratios.push_back(static_cast<double>(cards.queries - before) / static_cast<double>(keys));
  }
  report(
      {"cache.flush", median(ratios), "queries/key", at_most(1.05), spread(ratios),
       fmt::format("FLUSHALL while 16 threads of 2 processes look up {} keys and keep nothing near", grouped(keys))});
}

// Written through one process, and near in two others: how long after the writer was answered they still serve what
// was. After every second write the writer reads instead, here and with its token elsewhere.
void measure_coherence(const Run& run) {
  std::array<Replica, 3> replicas{Replica({}), Replica({}), Replica({})};
  std::atomic<std::int64_t> committed{1};
  const auto loader = [&]() -> Result<cache::Loaded> { return cache::Loaded{stored_text(), committed.load()}; };
  const auto is_old = [](const cache::EntryPointer& entry, std::int64_t version) {
    return entry && entry->version < version;
  };
  std::vector<double> late_ms;
  std::int64_t older = 0;
  for (int write = 0; write < 2 * writes * run.rounds; ++write) {
    const auto key = std::to_string(write % 50);
    for (auto& replica : replicas) replica.get(key, loader);
    const auto version = ++committed;
    replicas[0].cache.drop(key, version);
    const auto acknowledged = steady_clock::now();
    if (write % 2 == 1) {
      older += is_old(replicas[0].cache.peek(key), version) || is_old(replicas[0].get(key, loader), version) ? 1 : 0;
      older += is_old(replicas[1].get(key, loader, version), version) ? 1 : 0;
      continue;
    }
    while (is_old(replicas[1].cache.peek(key), version) || is_old(replicas[2].cache.peek(key), version)) {
      std::this_thread::yield();
    }
    late_ms.push_back(std::chrono::duration<double, std::milli>(steady_clock::now() - acknowledged).count());
  }
  report({"cache.coherence", percentile(late_ms, 0.99), "ms p99", at_most(5), percentile(late_ms, 1),
          fmt::format("p50 {:.2f} ms; {} writes through one process, near in two others", median(late_ms),
                      grouped(static_cast<double>(late_ms.size())))});
  report({"cache.own_writes", static_cast<double>(older), "reads", at_most(0), 0,
          "older than the reader's own write, in its process or with its token in another"});
}

}  // namespace

void measure_cache(const Run& run) {
  measure_herd(run);
  measure_flush(run);
  measure_coherence(run);
}

}  // namespace holdfast::bench
