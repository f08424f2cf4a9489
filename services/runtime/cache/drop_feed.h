#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "runtime/cache/near_cache.h"
#include "runtime/cache/redis_pool.h"

namespace holdfast::cache {

// A drop as it travels between replicas.
struct DropMessage {
  std::string origin;  // 36 characters, of one process
  std::int64_t version = 0;
  std::string cache;
  std::string key;
};

std::string encode(const DropMessage& message);
// Nothing when it is not one of ours, such as another release's.
std::optional<DropMessage> decode(std::string_view text);

// Versions as Redis's scripts compare them: 20 digits, because their numbers are doubles.
constexpr size_t version_length = 20;
std::string version_text(std::int64_t version);
std::optional<std::int64_t> parse_version(std::string_view text);

// Hears the drops of all replicas and applies them to the near caches of this process. Owns one thread and, on it, the
// connection that listens (the link). The thread also does what no caller should wait for: it resolves Redis's name,
// probes for the breaker, and delivers drops that are owed. Blocks on Redis for one budget at a time.
class DropFeed {
 public:
  struct Options {
    RedisAddress address;
    std::string password;
    std::string channel;
    std::string origin;
    std::chrono::milliseconds budget;
    std::chrono::milliseconds trust;
  };

  // `deliver_owed` is called on the feed's thread while the breaker is closed; false: something is still owed.
  DropFeed(Options options, RedisPool& pool, metrics::Counter drops_heard, std::function<bool()> deliver_owed);
  ~DropFeed();

  // Each drop that Redis executed more than `trust` before `now` has been applied here.
  bool trusted(Deadline now) const { return linked_.load() && now.time_since_epoch().count() < trusted_until_.load(); }
  bool wait_until_linked(Deadline deadline);
  // Something is owed or the breaker opened: there is work before the next heartbeat.
  void wake();

  void attach(const std::string& cache, NearCache& near);
  void detach(const std::string& cache);

  bool linked() const { return linked_.load(); }

 private:
  void run(const std::stop_token& stop);
  Result<> link();
  Result<> follow(const std::stop_token& stop);
  Result<> hear_all();
  void hear(const Reply& message);
  Result<> heartbeat(Deadline now);
  void mend(Deadline now);
  void lose_link();
  // Waits for the link, a wake-up or the deadline.
  void wait(Deadline deadline);

  const Options options_;
  RedisPool& pool_;
  metrics::Counter drops_heard_;
  const std::function<bool()> deliver_owed_;
  const int wake_descriptor_;

  std::atomic<bool> linked_{false};
  std::atomic<std::int64_t> trusted_until_{0};

  std::mutex linked_mutex_;  // only for wait_until_linked
  std::condition_variable linked_changed_;
  std::mutex caches_mutex_;  // held while a drop is applied: who has detached is not called again
  std::map<std::string, NearCache*, std::less<>> caches_;

  // Of the thread alone:
  std::unique_ptr<RedisConnection> link_;
  Deadline ping_sent_{};
  bool ping_unanswered_ = false;
  Deadline next_probe_{};
  std::chrono::milliseconds probe_delay_{0};
  bool owing_ = false;

  std::jthread thread_;  // last
};

}  // namespace holdfast::cache
