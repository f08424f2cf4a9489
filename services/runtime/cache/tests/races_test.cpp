#include <gtest/gtest.h>

#include <array>
#include <future>
#include <random>

#include "runtime/cache/tests/replica.h"

namespace holdfast::cache {
namespace {

constexpr size_t replica_count = 2;
constexpr size_t key_count = 4;

std::string key_name(size_t key) { return "key" + std::to_string(key); }

// One scheduler chooses each step by its seed: begin a read on some replica, let some loader go, commit, drop what was
// committed. A loader reads the database and is then held until it is let go, so drops fall into every gap. A read that
// begins after a drop was heard, on any replica, must not answer with less.
class Interleaving {
 public:
  Interleaving(std::uint32_t seed, std::array<Replica*, replica_count> replicas, std::string prefix)
      : random_(seed), replicas_(replicas), prefix_(std::move(prefix)) {}

  void run() {
    for (int step = 0; step < 60; ++step) {
      switch (pick(6)) {
        case 0:
        case 1:
        case 2:
          begin_read(*replicas_[pick(replica_count)], pick(key_count));
          break;
        case 3:
          release(pick(reads_.size() + 1));
          break;
        case 4:
          ++database_[pick(key_count)];
          break;
        default:
          drop(*replicas_[pick(replica_count)], pick(key_count));
      }
    }
    for (size_t read = 0; read < reads_.size(); ++read) release(read);
  }

 private:
  struct Read {
    std::promise<void> open;
    std::atomic<bool> held{false};
    std::atomic<bool> done{false};
    bool released = false;
    std::jthread thread;
  };

  size_t pick(size_t count) { return std::uniform_int_distribution<size_t>(0, count - 1)(random_); }

  void begin_read(Replica& replica, size_t key) {
    const auto joined = replica.joined();
    auto& read = *reads_.emplace_back(std::make_unique<Read>());
    read.thread = std::jthread([&read, &replica, this, key, floor = dropped_[key]] {
      const auto loader = [&read, this, key] {
        Loaded loaded{"value", database_[key]};
        read.held = true;
        read.open.get_future().wait();
        return Result<Loaded>(std::move(loaded));
      };
      const auto result = replica.cache.get(call_for(60s), prefix_ + key_name(key), loader);
      ASSERT_TRUE(result);
      EXPECT_GE((*result)->version, floor);
      read.done = true;
    });
    ASSERT_TRUE(eventually([&] { return read.held || read.done || replica.joined() > joined; }));
  }

  void release(size_t chosen) {
    if (chosen >= reads_.size() || reads_[chosen]->released || !reads_[chosen]->held) return;
    reads_[chosen]->released = true;
    reads_[chosen]->open.set_value();
    ASSERT_TRUE(eventually([&] { return reads_[chosen]->done.load(); }));
  }

  // The odd keys have values whose versions nobody knows.
  void drop(Replica& replica, size_t key) {
    std::array<double, replica_count> heard{};
    for (size_t other = 0; other < replica_count; ++other) heard[other] = replicas_[other]->drops_heard();
    const std::int64_t version = database_[key];
    ASSERT_EQ(replica.cache.drop(prefix_ + key_name(key), key % 2 == 0 ? version : every_version), Dropped::everywhere);
    for (size_t other = 0; other < replica_count; ++other) {
      if (replicas_[other] == &replica) continue;
      ASSERT_TRUE(eventually([&] { return replicas_[other]->drops_heard() > heard[other]; }));
    }
    dropped_[key] = version;
  }

  std::mt19937 random_;
  std::array<Replica*, replica_count> replicas_;
  const std::string prefix_;
  std::array<std::atomic<std::int64_t>, key_count> database_{1, 1, 1, 1};
  std::array<std::int64_t, key_count> dropped_{};
  std::vector<std::unique_ptr<Read>> reads_;  // last: their threads use the rest
};

TEST(Races, NoInterleavingServesWhatWasDropped) {
  PrivateRedis redis;
  SystemClock clock;
  Replica a(redis.options(), clock), b(redis.options(), clock);
  for (std::uint32_t seed = 1; seed <= 150 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Interleaving(seed, {&a, &b}, std::to_string(seed) + ":").run();
  }
  EXPECT_GT(a.hits("redis"), 0);
  EXPECT_GT(a.hits("near"), 0);
  EXPECT_GT(a.joined(), 0);
}

// Real threads, a Redis that is cut off, frozen and killed under them; promises 1 and 2 of cache.h at every read, and
// at the end promise 3: once all drops are delivered, everybody reads what the database has.
class Stress {
 public:
  Stress() {
    for (auto& replica : replicas_) replica = std::make_unique<Replica>(options(), clock_);
  }

  void run(std::uint32_t seed) {
    std::vector<std::jthread> threads;
    for (std::uint32_t thread = 0; thread < 6; ++thread) {
      threads.emplace_back([this, seed, thread] { work(seed * 100 + thread, thread % replica_count); });
    }
    std::mt19937 random(seed);
    for (int fault = 1; operations_ < 6 * operations_each; ++fault) {
      ASSERT_TRUE(eventually([&] { return operations_ >= std::min(fault * 1'000, 6 * operations_each); }));
      break_something(random() % 4);
    }
    threads.clear();
    for (auto& replica : replicas_) ASSERT_TRUE(replica->redis.wait_until_linked(soon()));
    for (size_t key = 0; key < key_count; ++key) {
      for (auto& replica : replicas_) {
        EXPECT_TRUE(eventually([&] { return read(*replica, key, 0) == database_[key]; }));
      }
    }
  }

 private:
  static constexpr int operations_each = 2'000;

  RedisOptions options() const {
    auto options = redis_.options();
    options.budget = 20ms;
    options.trust = 200ms;
    return options;
  }

  void work(std::uint32_t seed, size_t replica) {
    std::mt19937 random(seed);
    for (int operation = 0; operation < operations_each; ++operation, ++operations_) {
      const size_t key = random() % key_count;
      if (random() % 10 == 0) {
        write(replica, key);
      } else {
        check(replica, key, random() % 3 == 0);
      }
    }
  }

  void write(size_t replica, size_t key) {
    const std::int64_t version = ++database_[key];
    replicas_[replica]->cache.drop(key_name(key), key % 2 == 0 ? version : every_version);
    raise(written_[replica][key], version);
    raise(token_[key], version);
  }

  void check(size_t replica, size_t key, bool with_token) {
    const std::int64_t own = written_[replica][key];
    const std::int64_t token = with_token ? token_[key].load() : 0;
    if (const auto near = replicas_[replica]->cache.peek(key_name(key), token)) {
      EXPECT_GE(near->version, std::max(own, token));
    }
    EXPECT_GE(read(*replicas_[replica], key, token), std::max(own, token));
  }

  std::int64_t read(Replica& replica, size_t key, std::int64_t at_least) {
    const auto loader = [&] {
      Loaded loaded{"value", database_[key]};
      for (int pause = 0; pause < 20; ++pause) std::this_thread::yield();
      return Result<Loaded>(std::move(loaded));
    };
    const auto result = replica.cache.get(call_for(), key_name(key), loader, at_least);
    EXPECT_TRUE(result);
    return result ? (*result)->version : -1;
  }

  void break_something(unsigned which) {
    if (which == 0) redis_.command({"CLIENT", "KILL", "TYPE", "normal"});
    if (which == 1) redis_.command({"CLIENT", "KILL", "TYPE", "pubsub"});
    if (which == 2) {
      redis_.freeze();
      const int before = operations_;
      EXPECT_TRUE(eventually([&] { return operations_ > std::min(before + 200, 6 * operations_each - 1); }));
      redis_.thaw();
    }
    if (which == 3) {
      redis_.kill();
      redis_.start();
    }
  }

  static void raise(std::atomic<std::int64_t>& floor, std::int64_t version) {
    for (auto seen = floor.load(); seen < version && !floor.compare_exchange_weak(seen, version);) {
    }
  }

  PrivateRedis redis_;
  SystemClock clock_;
  std::array<std::unique_ptr<Replica>, replica_count> replicas_;
  std::array<std::atomic<std::int64_t>, key_count> database_{};
  std::array<std::atomic<std::int64_t>, key_count> token_{};
  std::array<std::array<std::atomic<std::int64_t>, key_count>, replica_count> written_{};
  std::atomic<int> operations_{0};
};

TEST(Races, NobodyReadsLessThanItsOwnWriteWhileRedisFails) {
  for (std::uint32_t seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Stress().run(seed);
  }
}

}  // namespace
}  // namespace holdfast::cache
