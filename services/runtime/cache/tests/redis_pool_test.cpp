#include "runtime/cache/redis_pool.h"

#include <gtest/gtest.h>

#include "runtime/cache/tests/private_redis.h"

namespace holdfast::cache {
namespace {

struct RedisPoolTest : testing::Test {
  std::string server_id() const {
    auto connection = RedisConnection::connect(address, {}, soon());
    return connection ? (*connection)->server_id() : "";
  }

  PrivateRedis redis;
  RedisAddress address{redis.socket(), {}, 0};
  RedisPool pool{{}, 4, 50ms};
};

TEST_F(RedisPoolTest, LendsNothingWithoutALink) {
  EXPECT_FALSE(pool.probe());
  EXPECT_FALSE(pool.borrow(soon()));
}

TEST_F(RedisPoolTest, TheFirstFailureOpensTheBreakerUntilAProbeClosesIt) {
  pool.link_up(address, server_id());
  ASSERT_TRUE(pool.probe());
  redis.freeze();
  {
    auto borrowed = pool.borrow(soon());
    ASSERT_TRUE(borrowed);
    EXPECT_FALSE(borrowed->command({"PING"}));
  }
  EXPECT_FALSE(pool.probe());
  redis.thaw();
  EXPECT_FALSE(pool.borrow(soon()));  // although Redis would answer: no caller tries
  EXPECT_TRUE(eventually([&] { return pool.probe(); }));
  auto borrowed = pool.borrow(soon());
  ASSERT_TRUE(borrowed);
  EXPECT_TRUE(borrowed->command({"PING"}));
}

TEST_F(RedisPoolTest, LeadsOnlyToTheServerOfTheLink) {
  pool.link_up(address, "another server");
  EXPECT_FALSE(pool.probe());
  EXPECT_FALSE(pool.borrow(soon()));
}

TEST_F(RedisPoolTest, AConnectionThatOutlivedItsLinkIsNotKept) {
  pool.link_up(address, server_id());
  ASSERT_TRUE(pool.probe());
  {
    auto old = pool.borrow(soon());
    ASSERT_TRUE(old);
    pool.link_lost();
    redis.kill();
    redis.start();
    pool.link_up(address, server_id());
    ASSERT_TRUE(pool.probe());
  }
  auto borrowed = pool.borrow(soon());
  ASSERT_TRUE(borrowed);
  EXPECT_EQ(borrowed->server_id(), server_id());
  EXPECT_TRUE(borrowed->command({"PING"}));
}

TEST_F(RedisPoolTest, AllConnectionsTakenIsNoFailureOfRedis) {
  RedisPool one{{}, 1, 5ms};
  one.link_up(address, server_id());
  ASSERT_TRUE(eventually([&] { return one.probe(); }));
  const auto taken = one.borrow(soon());
  ASSERT_TRUE(taken);
  EXPECT_FALSE(one.borrow(soon()));
  EXPECT_EQ(one.breaker(), RedisPool::Breaker::closed);
}

}  // namespace
}  // namespace holdfast::cache
