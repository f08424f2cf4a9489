#include "runtime/cache/redis_tier.h"

#include <gtest/gtest.h>

#include "runtime/cache/tests/private_redis.h"

namespace holdfast::cache {
namespace {

Entry entry(std::string bytes, std::int64_t version) { return {std::move(bytes), version, Instant{Duration{42}}}; }

struct RedisTierTest : testing::Test {
  RedisTier& linked() {
    tier.emplace(options, metrics::Registry());
    EXPECT_TRUE(tier->wait_until_linked(soon()));
    return *tier;
  }

  RedisTier::Found read(std::int64_t at_least = 0) { return tier->read("card", "k", at_least, soon()); }
  void put(std::string bytes, std::int64_t version) {
    tier->fill("card", "k", read(every_version).lease, entry(std::move(bytes), version), soon());
  }

  PrivateRedis redis;
  RedisOptions options = redis.options();
  std::optional<RedisTier> tier;
};

TEST(RedisAddress, PathsAndPortsAndNothingElse) {
  EXPECT_EQ(parse_redis_address("/run/redis.sock")->path, "/run/redis.sock");
  EXPECT_EQ(parse_redis_address("cache:6379")->host, "cache");
  EXPECT_EQ(parse_redis_address("cache:6379")->port, 6379);
  EXPECT_EQ(parse_redis_address("[::1]:6379")->host, "::1");
  for (const auto* wrong : {"", "cache", "cache:", ":6379", "cache:0", "cache:65536", "cache:63x", "cache:-1"}) {
    ASSERT_FALSE(parse_redis_address(wrong)) << wrong;
    EXPECT_EQ(parse_redis_address(wrong).error().reason, Reason::setting_invalid);
  }
}

TEST(RedisAddress, IsResolvedToANumber) {
  EXPECT_EQ(resolve({{}, "127.0.0.1", 6379})->host, "127.0.0.1");
  EXPECT_FALSE(resolve({{}, "no such host", 6379}));
}

TEST(DropMessage, SurvivesTheWayAndNothingElseDoes) {
  const DropMessage sent{std::string(36, 'o'), every_version, "card", std::string("key\nwith\0both", 13)};
  const auto received = decode(encode(sent));
  ASSERT_TRUE(received);
  EXPECT_EQ(received->origin, sent.origin);
  EXPECT_EQ(received->version, sent.version);
  EXPECT_EQ(received->cache, sent.cache);
  EXPECT_EQ(received->key, sent.key);
  EXPECT_FALSE(decode(""));
  EXPECT_FALSE(decode(std::string(36, 'o') + "0000000000000000000x" + "card\nkey"));
  EXPECT_FALSE(decode(std::string(36, 'o') + "00000000000000000001" + "card without a key"));
}

TEST_F(RedisTierTest, ALeaseFillsOnce) {
  linked();
  const auto lease = read().lease;
  ASSERT_FALSE(lease.empty());
  EXPECT_EQ(read().lease, lease);  // shared by those who miss together
  tier->fill("card", "k", lease, entry(std::string("a\0b", 3), 7), soon());
  const auto found = read();
  ASSERT_TRUE(found.entry);
  EXPECT_EQ(*found.entry->bytes, std::string("a\0b", 3));
  EXPECT_EQ(found.entry->version, 7);
  EXPECT_EQ(found.entry->loaded_at, Instant{Duration{42}});
  tier->fill("card", "k", lease, entry("late", 8), soon());
  EXPECT_EQ(read().entry->version, 7);
}

TEST_F(RedisTierTest, ADropEndsTheLeaseOfASlowLoader) {
  linked();
  const auto lease = read().lease;
  EXPECT_EQ(tier->drop("card", "k", 2), Dropped::everywhere);
  tier->fill("card", "k", lease, entry("old", 1), soon());
  EXPECT_FALSE(read().entry);
}

TEST_F(RedisTierTest, ADropLeavesWhatIsNotOlder) {
  linked();
  put("ten", 10);
  tier->drop("card", "k", 9);
  tier->drop("card", "k", 10);
  ASSERT_TRUE(read().entry);
  tier->drop("card", "k", 11);
  EXPECT_FALSE(read().entry);
  // Beyond 2^53, where a script's numbers would no longer tell them apart.
  put("large", every_version - 1);
  tier->drop("card", "k", every_version - 1);
  ASSERT_TRUE(read().entry);
  tier->drop("card", "k", every_version);
  EXPECT_FALSE(read().entry);
}

TEST_F(RedisTierTest, AnOlderEntryThanAskedForIsAMissThatSaysSo) {
  linked();
  put("one", 1);
  const auto found = read(2);
  EXPECT_FALSE(found.entry);
  EXPECT_EQ(found.stale, 1);
  EXPECT_FALSE(found.lease.empty());
}

TEST_F(RedisTierTest, WhatIsAbsentIsRememberedToo) {
  linked();
  tier->fill("card", "k", read().lease, {std::nullopt, 0, Instant{}}, soon());
  ASSERT_TRUE(read().entry);
  EXPECT_FALSE(read().entry->bytes);
}

TEST_F(RedisTierTest, AKilledRedisIsAMissAndThenLeftAlone) {
  linked();
  put("one", 1);
  redis.kill();
  EXPECT_FALSE(read().entry);
  EXPECT_TRUE(eventually([&] { return tier->breaker() != RedisPool::Breaker::closed; }));
  EXPECT_EQ(tier->drop("card", "k", 2), Dropped::here);
  EXPECT_EQ(tier->owed(), 1);
  redis.start();
  EXPECT_TRUE(eventually([&] { return tier->owed() == 0 && tier->linked(); }));
  EXPECT_FALSE(read().lease.empty());
}

TEST_F(RedisTierTest, AFrozenRedisTakesItsDropWhenItThaws) {
  linked();
  put("one", 1);
  redis.freeze();
  EXPECT_EQ(tier->drop("card", "k", 2), Dropped::here);
  EXPECT_FALSE(read().entry);  // not read: something is owed
  EXPECT_NE(tier->breaker(), RedisPool::Breaker::closed);
  redis.thaw();
  EXPECT_TRUE(eventually([&] { return tier->owed() == 0; }));
  const auto found = read();
  EXPECT_FALSE(found.entry);
  EXPECT_FALSE(found.stale);
}

TEST_F(RedisTierTest, ACallerInAHurryProvesNothingAboutRedis) {
  linked();
  const auto past = std::chrono::steady_clock::now();
  redis.freeze();
  EXPECT_FALSE(tier->read("card", "k", 0, past).entry);
  EXPECT_EQ(tier->breaker(), RedisPool::Breaker::closed);
  redis.thaw();
}

TEST_F(RedisTierTest, OfManyThatAreDroppedAtOnceThoseAreOwedThatRedisRefused) {
  linked();
  put("one", 1);
  redis.command({"ACL", "SETUSER", "default", "resetkeys", "~*:k*"});
  EXPECT_EQ(tier->drop("card", std::vector<std::string_view>{"l", "k", "m", "k2"}, 2), Dropped::here);
  EXPECT_EQ(tier->owed(), 2);
  EXPECT_EQ(tier->breaker(), RedisPool::Breaker::closed);
  redis.command({"ACL", "SETUSER", "default", "allkeys"});
  EXPECT_TRUE(eventually([&] { return tier->owed() == 0; }));
  const auto found = read();  // on a connection whose answers are its own
  EXPECT_FALSE(found.entry);
  EXPECT_FALSE(found.lease.empty());
}

TEST_F(RedisTierTest, AValueRisenFromADumpIsNotFound) {
  linked();
  put("one", 1);
  redis.command({"SAVE"});
  EXPECT_EQ(tier->drop("card", "k", 2), Dropped::everywhere);
  redis.kill();
  EXPECT_TRUE(eventually([&] { return !tier->linked(); }));
  redis.start();
  ASSERT_TRUE(tier->wait_until_linked(soon()));
  EXPECT_EQ(redis.command({"DBSIZE"}).number, 1);  // it did rise
  const auto found = read();
  EXPECT_FALSE(found.entry);
  EXPECT_FALSE(found.lease.empty());
}

TEST_F(RedisTierTest, MoreOwedThanIsRememberedLeavesRedisUnreadUntilAllHasExpired) {
  options.owed_limit = 3;
  options.ttl = 1h;
  linked();
  put("one", 1);
  redis.kill();
  ASSERT_TRUE(eventually([&] { return !tier->linked(); }));
  for (const auto* key : {"k", "l", "m", "n"}) EXPECT_EQ(tier->drop("card", key, 2), Dropped::here);
  EXPECT_EQ(tier->owed(), 0);
  redis.start();
  ASSERT_TRUE(tier->wait_until_linked(soon()));
  EXPECT_TRUE(read().lease.empty());
}

TEST_F(RedisTierTest, ARefusalByRedisOpensNoBreaker) {
  linked();
  redis.command({"CONFIG", "SET", "maxmemory", "1"});
  EXPECT_TRUE(read().lease.empty());
  EXPECT_EQ(tier->breaker(), RedisPool::Breaker::closed);
  redis.command({"CONFIG", "SET", "maxmemory", "0"});
  EXPECT_FALSE(read().lease.empty());
}

TEST_F(RedisTierTest, MoreThreadsThanConnectionsShareThem) {
  options.connections = 2;
  options.budget = 10s;
  linked();
  put("one", 1);
  std::atomic<int> hits{0};
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 8; ++thread) {
      threads.emplace_back([&] {
        for (int round = 0; round < 200; ++round) hits += read().entry ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(hits, 8 * 200);
  // Of this tier: the link and two; the third asks.
  EXPECT_LE(
      redis.command({"EVAL", "local _, n = string.gsub(redis.call('CLIENT', 'LIST'), 'id=', '') return n", "0"}).number,
      4 * 2);
}

}  // namespace
}  // namespace holdfast::cache
