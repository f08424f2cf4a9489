#include "runtime/cache/cache.h"

#include <gtest/gtest.h>

#include <future>
#include <latch>

#include "runtime/cache/tests/replica.h"

namespace holdfast::cache {
namespace {

Loader gives(std::string bytes, std::int64_t version) {
  return [=] { return Result<Loaded>(Loaded{bytes, version}); };
}

Loader must_not_be_called() {
  return []() -> Result<Loaded> {
    ADD_FAILURE() << "loaded";
    return fail(Reason::internal, "loaded");
  };
}

std::int64_t version_of(const Result<EntryPointer>& result) {
  EXPECT_TRUE(result) << (result ? "" : describe(result.error()));
  return result ? (*result)->version : -1;
}

// A loader that the test lets go.
class Gate {
 public:
  Loader loader(Result<Loaded> result) {
    return [this, result] {
      entered_.set_value();
      open_.get_future().wait();
      return result;
    };
  }
  void wait_until_entered() { entered_.get_future().wait(); }
  void open() { open_.set_value(); }

 private:
  std::promise<void> entered_;
  std::promise<void> open_;
};

struct AloneTest : testing::Test {
  SystemClock beneath;
  MovableClock clock{beneath};
  CacheLimits limits{1 << 20, 60s, 2s, true};
  metrics::Registry registry;

  double counted(const std::string& what) { return metric(registry, "holdfast_cache_" + what + "{cache=\"card\"}"); }
};

TEST_F(AloneTest, LoadsOnceAndPeeksAfterwards) {
  Cache cache("card", limits, nullptr, clock, registry);
  EXPECT_FALSE(cache.peek("k"));
  const auto loaded = cache.get(call_for(), "k", gives("one", 1));
  ASSERT_EQ(version_of(loaded), 1);
  EXPECT_EQ(cache.peek("k"), *loaded);
  EXPECT_EQ(version_of(cache.get(call_for(), "k", must_not_be_called())), 1);
  EXPECT_EQ(counted("loads_total"), 1);
  EXPECT_EQ(metric(registry, "holdfast_cache_hits_total{cache=\"card\",tier=\"near\"}"), 2);
}

TEST_F(AloneTest, ValuesAndAbsencesExpire) {
  Cache cache("card", limits, nullptr, clock, registry);
  ASSERT_TRUE(cache.get(call_for(), "there", gives("one", 1)));
  const auto absent = cache.get(call_for(), "not there", [] { return Result<Loaded>(Loaded{}); });
  ASSERT_TRUE(absent);
  EXPECT_FALSE((*absent)->bytes);
  EXPECT_TRUE(cache.peek("not there"));
  clock.set_offset(3s);
  EXPECT_FALSE(cache.peek("not there"));
  EXPECT_TRUE(cache.peek("there"));
  EXPECT_GE(cache.peek("there")->age(clock.now()), 3s);
  clock.set_offset(61s);
  EXPECT_FALSE(cache.peek("there"));
  EXPECT_EQ(counted("entries"), 0);
}

TEST_F(AloneTest, AnErrorIsNotKept) {
  Cache cache("card", limits, nullptr, clock, registry);
  const auto failed =
      cache.get(call_for(), "k", [] { return Result<Loaded>(fail(Reason::database_unavailable, "down")); });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().reason, Reason::database_unavailable);
  EXPECT_EQ(version_of(cache.get(call_for(), "k", gives("one", 1))), 1);
  EXPECT_EQ(counted("failed_loads_total"), 1);
}

TEST_F(AloneTest, ALoaderThatThrowsLeavesNoKeyWithoutAnswer) {
  Cache cache("card", limits, nullptr, clock, registry);
  EXPECT_THROW((void)cache.get(call_for(), "k", []() -> Result<Loaded> { throw std::logic_error("ours"); }),
               std::logic_error);
  EXPECT_EQ(version_of(cache.get(call_for(), "k", gives("one", 1))), 1);
}

TEST_F(AloneTest, AThousandMissesAreOneLoad) {
  constexpr int callers = 1'000;
  Cache cache("card", limits, nullptr, clock, registry);
  std::atomic<int> right{0};
  {
    std::vector<std::jthread> threads;
    for (int caller = 0; caller < callers; ++caller) {
      threads.emplace_back([&] {
        // Not before all the others wait for it.
        const auto loader = [&] {
          EXPECT_TRUE(eventually([&] { return counted("joined_total") == callers - 1; }));
          return Result<Loaded>(Loaded{"one", 1});
        };
        if (version_of(cache.get(call_for(60s), "k", loader)) == 1) ++right;
      });
    }
  }
  EXPECT_EQ(right, callers);
  EXPECT_EQ(counted("loads_total"), 1);
}

TEST_F(AloneTest, WhoWaitsForALoadWaitsUntilItsOwnDeadline) {
  Cache cache("card", limits, nullptr, clock, registry);
  Gate gate;
  std::jthread leader([&] { EXPECT_EQ(version_of(cache.get(call_for(), "k", gate.loader(Loaded{"one", 1}))), 1); });
  gate.wait_until_entered();
  const auto late = cache.get(call_for(5ms), "k", must_not_be_called());
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().reason, Reason::deadline_exceeded);

  std::stop_source gone;
  Call abandoned = call_for();
  abandoned.stop = gone.get_token();
  std::jthread leaving([&] {
    const auto cancelled = cache.get(abandoned, "k", must_not_be_called());
    EXPECT_EQ(cancelled.error().reason, Reason::cancelled);
  });
  EXPECT_TRUE(eventually([&] { return counted("joined_total") == 2; }));
  gone.request_stop();
  leaving.join();
  gate.open();
}

TEST_F(AloneTest, ALeaderOutOfTimeIsNoAnswerToTheOthers) {
  Cache cache("card", limits, nullptr, clock, registry);
  Gate gate;
  std::jthread leader([&] {
    const auto result = cache.get(call_for(), "k", gate.loader(fail(Reason::deadline_exceeded, "mine")));
    EXPECT_EQ(result.error().reason, Reason::deadline_exceeded);
  });
  gate.wait_until_entered();
  std::jthread other([&] { EXPECT_EQ(version_of(cache.get(call_for(), "k", gives("one", 1))), 1); });
  EXPECT_TRUE(eventually([&] { return counted("joined_total") == 1; }));
  gate.open();
}

TEST_F(AloneTest, ASlowLoaderDoesNotOutliveADrop) {
  Cache cache("card", limits, nullptr, clock, registry);
  Gate gate;
  std::jthread slow([&] { EXPECT_EQ(version_of(cache.get(call_for(), "k", gate.loader(Loaded{"one", 1}))), 1); });
  gate.wait_until_entered();
  cache.drop("k", 2);
  // Neither joined while it is under way,
  EXPECT_EQ(version_of(cache.get(call_for(), "k", gives("two", 2))), 2);
  gate.open();
  slow.join();
  // nor kept when it has landed.
  EXPECT_EQ(version_of(cache.get(call_for(), "k", must_not_be_called())), 2);
}

TEST_F(AloneTest, ADropLeavesWhatIsNotOlder) {
  Cache cache("card", limits, nullptr, clock, registry);
  ASSERT_TRUE(cache.get(call_for(), "k", gives("two", 2)));
  cache.drop("k", 2);
  EXPECT_TRUE(cache.peek("k"));
  cache.drop("k");
  EXPECT_FALSE(cache.peek("k"));
}

TEST_F(AloneTest, NobodyGetsLessThanAsked) {
  Cache cache("card", limits, nullptr, clock, registry);
  ASSERT_TRUE(cache.get(call_for(), "k", gives("one", 1)));
  EXPECT_FALSE(cache.peek("k", 2));
  EXPECT_EQ(version_of(cache.get(call_for(), "k", gives("two", 2), 2)), 2);
  EXPECT_EQ(cache.peek("k", 2)->version, 2);
  // More than there is: the loader has the last word.
  EXPECT_EQ(version_of(cache.get(call_for(), "k", gives("two", 2), every_version)), 2);
}

TEST_F(AloneTest, WhatWasRemovedReplacesWhatWasThere) {
  Cache cache("card", limits, nullptr, clock, registry);
  ASSERT_TRUE(cache.get(call_for(), "k", gives("five", 5)));
  const auto removed = cache.get(
      call_for(), "k", [] { return Result<Loaded>(Loaded{}); }, 6);
  ASSERT_TRUE(removed);
  EXPECT_FALSE((*removed)->bytes);
  ASSERT_TRUE(cache.peek("k"));
  EXPECT_FALSE(cache.peek("k")->bytes);
}

TEST_F(AloneTest, MemoryIsBoundedAndWhatIsReadStays) {
  limits.near_bytes = 64 * 4'096;
  Cache cache("card", limits, nullptr, clock, registry);
  ASSERT_TRUE(cache.get(call_for(), "hot", gives(std::string(500, 'h'), 1)));
  for (int key = 0; key < 2'000; ++key) {
    EXPECT_TRUE(cache.peek("hot")) << key;
    ASSERT_TRUE(cache.get(call_for(), std::to_string(key), gives(std::string(500, 'x'), 1)));
    EXPECT_LE(counted("bytes"), 64 * 4'096);
  }
  EXPECT_GT(counted("evicted_total"), 1'000);
  ASSERT_TRUE(cache.get(call_for(), "too large", gives(std::string(5'000, 'x'), 1)));
  EXPECT_FALSE(cache.peek("too large"));
}

TEST_F(AloneTest, KeysTooLongAreLoadedEachTime) {
  Cache cache("card", limits, nullptr, clock, registry);
  const std::string key(longest_key_bytes + 1, 'k');
  EXPECT_EQ(version_of(cache.get(call_for(), key, gives("one", 1))), 1);
  EXPECT_EQ(version_of(cache.get(call_for(), key, gives("two", 2))), 2);
  EXPECT_EQ(cache.drop(key, 3), Dropped::everywhere);
}

TEST_F(AloneTest, WithoutRedisSeveralReplicasTrustNoMemory) {
  limits.only_replica = false;
  Cache cache("card", limits, nullptr, clock, registry);
  EXPECT_EQ(version_of(cache.get(call_for(), "k", gives("one", 1))), 1);
  EXPECT_FALSE(cache.peek("k"));
  EXPECT_EQ(version_of(cache.get(call_for(), "k", gives("two", 2))), 2);
  EXPECT_EQ(counted("entries"), 0);
}

struct ReplicasTest : testing::Test {
  SystemClock clock;
  PrivateRedis redis;
};

TEST_F(ReplicasTest, OneLoadsForAll) {
  Replica a(redis.options(), clock), b(redis.options(), clock);
  EXPECT_EQ(version_of(a.cache.get(call_for(), "k", gives("one", 1))), 1);
  EXPECT_EQ(version_of(b.cache.get(call_for(), "k", must_not_be_called())), 1);
  EXPECT_EQ(metric(b.registry, "holdfast_cache_hits_total{cache=\"card\",tier=\"redis\"}"), 1);
  EXPECT_TRUE(b.cache.peek("k"));
}

TEST_F(ReplicasTest, ADropReachesTheOthersMemory) {
  Replica a(redis.options(), clock), b(redis.options(), clock);
  ASSERT_TRUE(a.cache.get(call_for(), "k", gives("one", 1)));
  ASSERT_TRUE(b.cache.get(call_for(), "k", must_not_be_called()));
  EXPECT_EQ(a.cache.drop("k", 2), Dropped::everywhere);
  EXPECT_FALSE(a.cache.peek("k"));
  EXPECT_TRUE(eventually([&] { return !b.cache.peek("k"); }));
  EXPECT_EQ(version_of(b.cache.get(call_for(), "k", gives("two", 2))), 2);
}

// More than travel together.
TEST_F(ReplicasTest, ManyAreDroppedAtOnce) {
  Replica a(redis.options(), clock), b(redis.options(), clock);
  std::vector<std::string> keys{std::string(longest_key_bytes + 1, 'k')};
  for (int key = 0; key < 250; ++key) {
    keys.push_back(std::to_string(key));
    ASSERT_TRUE(a.cache.get(call_for(), keys.back(), gives("one", 1)));
    ASSERT_TRUE(b.cache.get(call_for(), keys.back(), must_not_be_called()));
  }
  ASSERT_TRUE(a.cache.get(call_for(), "another", gives("one", 1)));
  EXPECT_EQ(a.cache.drop_all(keys), Dropped::everywhere);
  EXPECT_TRUE(eventually([&] { return b.drops_heard() == 250; }));
  for (size_t key = 1; key < keys.size(); ++key) {
    EXPECT_FALSE(a.cache.peek(keys[key]));
    EXPECT_FALSE(b.cache.peek(keys[key]));
    EXPECT_EQ(version_of(b.cache.get(call_for(), keys[key], gives("two", 2))), 2);
  }
  EXPECT_TRUE(a.cache.peek("another"));
}

TEST_F(ReplicasTest, ASlowLoaderElsewhereDoesNotOutliveADrop) {
  Replica a(redis.options(), clock), b(redis.options(), clock);
  Gate gate;
  std::jthread slow([&] { EXPECT_EQ(version_of(b.cache.get(call_for(), "k", gate.loader(Loaded{"one", 1}))), 1); });
  gate.wait_until_entered();
  a.cache.drop("k", 2);
  ASSERT_TRUE(eventually([&] { return metric(b.registry, "holdfast_cache_drops_heard_total") == 1; }));
  gate.open();
  slow.join();
  EXPECT_FALSE(b.cache.peek("k"));
  EXPECT_EQ(version_of(a.cache.get(call_for(), "k", gives("two", 2))), 2);
}

TEST_F(ReplicasTest, ATokenReadsItsWriteEverywhere) {
  Replica a(redis.options(), clock), b(redis.options(), clock);
  ASSERT_TRUE(a.cache.get(call_for(), "k", gives("one", 1)));
  ASSERT_TRUE(b.cache.get(call_for(), "k", must_not_be_called()));
  // Version 2 is committed, its drop is lost: Redis and both memories still have version 1.
  EXPECT_EQ(version_of(b.cache.get(call_for(), "k", gives("two", 2), 2)), 2);
  // The reader has made up for the lost drop.
  EXPECT_TRUE(eventually([&] { return !a.cache.peek("k"); }));
  EXPECT_EQ(version_of(a.cache.get(call_for(), "k", gives("two", 2))), 2);
}

TEST_F(ReplicasTest, WithoutTheFeedMemoryIsEmptiedAndBypassed) {
  Replica a(redis.options(), clock), b(redis.options(), clock);
  ASSERT_TRUE(a.cache.get(call_for(), "k", gives("one", 1)));
  redis.kill();
  ASSERT_TRUE(eventually([&] { return !a.redis.linked(); }));
  EXPECT_FALSE(a.cache.peek("k"));
  EXPECT_EQ(version_of(a.cache.get(call_for(), "k", gives("two", 2))), 2);
  EXPECT_FALSE(a.cache.peek("k"));
  redis.start();
  ASSERT_TRUE(a.redis.wait_until_linked(soon()));
  EXPECT_FALSE(a.cache.peek("k"));
  EXPECT_EQ(version_of(a.cache.get(call_for(), "k", gives("three", 3))), 3);
  EXPECT_EQ(a.cache.peek("k")->version, 3);
}

TEST_F(ReplicasTest, ASubscriptionCutOffEmptiesMemory) {
  Replica a(redis.options(), clock);
  ASSERT_TRUE(a.cache.get(call_for(), "k", gives("one", 1)));
  EXPECT_EQ(redis.command({"CLIENT", "KILL", "TYPE", "pubsub"}).number, 1);
  EXPECT_TRUE(eventually([&] { return metric(a.registry, "holdfast_cache_entries{cache=\"card\"}") == 0; }));
  ASSERT_TRUE(a.redis.wait_until_linked(soon()));
}

TEST_F(ReplicasTest, ASilentFeedIsNotTrustedForLong) {
  auto options = redis.options();
  options.trust = 1s;  // and 4 s until the link is given up
  Replica a(options, clock);
  ASSERT_TRUE(eventually([&] { return a.cache.get(call_for(), "k", gives("one", 1)) && a.cache.peek("k"); }));
  redis.freeze();
  EXPECT_TRUE(eventually([&] { return !a.cache.peek("k"); }));
  EXPECT_TRUE(a.redis.linked());
  redis.thaw();
  // It missed nothing, so what it had it has again.
  EXPECT_TRUE(eventually([&] { return a.cache.peek("k") != nullptr; }));
}

TEST_F(ReplicasTest, RedisKilledUnderReadersFailsNoneOfThem) {
  Replica a(redis.options(), clock);
  std::atomic<bool> done{false};
  std::atomic<int> failed{0}, read{0};
  std::vector<std::jthread> readers;
  for (int reader = 0; reader < 4; ++reader) {
    readers.emplace_back([&, reader] {
      for (int round = 0; !done; ++round) {
        const auto key = std::to_string(reader) + ":" + std::to_string(round % 50);
        if (round % 3 == 0) a.cache.drop(key);
        if (!a.cache.get(call_for(), key, gives("one", 1))) ++failed;
        ++read;
      }
    });
  }
  for (int kill = 0; kill < 3; ++kill) {
    const int before = read;
    ASSERT_TRUE(eventually([&] { return read > before + 200; }));
    redis.kill();
    const int without = read;
    ASSERT_TRUE(eventually([&] { return read > without + 200; }));
    redis.start();
    ASSERT_TRUE(a.redis.wait_until_linked(soon()));
  }
  done = true;
  readers.clear();
  EXPECT_EQ(failed, 0);
}

}  // namespace
}  // namespace holdfast::cache
