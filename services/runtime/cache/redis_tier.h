#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/cache/drop_feed.h"
#include "runtime/cache/entry.h"
#include "runtime/cache/redis_pool.h"

namespace holdfast::cache {

struct RedisOptions {
  RedisAddress address;
  std::string password;
  std::string service;  // "accounts": begins its keys and names its channel; replicas of a service share both
  int connections = 16;
  std::chrono::milliseconds budget{50};  // the longest that a call may wait for Redis
  std::chrono::milliseconds ttl{600'000};
  std::chrono::milliseconds absent_ttl{2'000};
  std::chrono::milliseconds lease{10'000};  // a load that takes longer is not kept in Redis
  std::chrono::milliseconds trust{500};     // how long near caches are read without a sign of life of the feed
  size_t owed_limit = 10'000;               // drops that wait for Redis to come back
};

// Did a drop reach all that keep a copy? `here` means: this process will not serve the old value, Redis and the other
// replicas still may, until the drop is delivered (which is tried until it succeeds).
enum class Dropped { everywhere, here };

// Redis as one process sees it, shared by its caches: values, leases for filling them, drops and the feed of
// everybody's drops. Why it is so is told in cache.h. Every call ends within one budget; a failure reads as a miss. Any
// thread.
class RedisTier {
 public:
  struct Found {
    EntryPointer entry;  // not older than asked for
    std::string lease;   // without an entry: permits one fill, until the next drop; empty: none to be had
    std::optional<std::int64_t> stale;  // the version that is there, but older than asked for
  };

  RedisTier(RedisOptions options, const metrics::Registry& registry);

  Found read(std::string_view cache, std::string_view key, std::int64_t at_least, Deadline deadline);
  // Keeps the entry if the lease is still good: that is, if nothing was dropped since it was given.
  void fill(std::string_view cache, std::string_view key, const std::string& lease, const Entry& entry,
            Deadline deadline);
  // Not bounded by anybody's deadline but the budget: a caller that gave up has committed all the same.
  Dropped drop(std::string_view cache, std::string_view key, std::int64_t version) {
    return drop(cache, std::span(&key, 1), version);
  }
  // All in one round trip; some hundred at most, which Redis does well within the budget.
  Dropped drop(std::string_view cache, std::span<const std::string_view> keys, std::int64_t version);

  // Every drop made by the other replicas has been heard, up to `trust` ago.
  bool trusted() const { return feed_.trusted(std::chrono::steady_clock::now()); }
  // Blocks until this process hears the others' drops and may ask Redis; false at the deadline. For readiness.
  bool wait_until_linked(Deadline deadline) { return feed_.wait_until_linked(deadline); }

  void attach(const std::string& cache, NearCache& near) { feed_.attach(cache, near); }
  void detach(const std::string& cache) { feed_.detach(cache); }

  bool linked() const { return feed_.linked(); }
  RedisPool::Breaker breaker() const { return pool_.breaker(); }
  std::int64_t owed() const;

 private:
  bool usable() const;
  void owe(std::string_view cache, std::string_view key, std::int64_t version);
  // Of each key, whether Redis has taken the drop.
  std::vector<bool> deliver(std::string_view cache, std::span<const std::string_view> keys, std::int64_t version);
  bool deliver_owed();

  const RedisOptions options_;
  const std::string origin_;  // of this process: its own drops come back by the feed
  const std::string channel_;
  RedisPool pool_;

  mutable std::mutex owed_mutex_;
  std::unordered_map<std::string, std::int64_t> owed_;  // by cache, newline, key
  Deadline bypass_until_{};                             // more was owed than is remembered
  metrics::Counter failures_;

  DropFeed feed_;  // its thread uses all of the above
  std::vector<metrics::Registration> gauges_;
};

}  // namespace holdfast::cache
