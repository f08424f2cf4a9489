#include "runtime/cache/cache_settings.h"

#include <gtest/gtest.h>

namespace holdfast::cache {
namespace {

struct CacheSettingsTest : testing::Test {
  void load(const std::vector<std::string>& arguments) { ASSERT_TRUE(settings.load(arguments, {})); }

  config::Settings settings;
  CacheSettings cache{settings.section("accounts.cache")};
};

TEST_F(CacheSettingsTest, NoRedisUnlessConfiguredAndNoTrustUnlessSaid) {
  load({});
  const auto options = cache.redis_options("", "accounts");
  ASSERT_TRUE(options);
  EXPECT_FALSE(*options);
  EXPECT_FALSE(cache.limits().only_replica);
}

TEST_F(CacheSettingsTest, GivesWhatWasConfigured) {
  load({"--accounts.cache.redis_timeout_ms=20", "--accounts.cache.near_mib=3", "--accounts.cache.only_replica"});
  const auto options = cache.redis_options("cache:6379", "accounts");
  ASSERT_TRUE(options);
  ASSERT_TRUE(*options);
  EXPECT_EQ((*options)->address.host, "cache");
  EXPECT_EQ((*options)->service, "accounts");
  EXPECT_EQ((*options)->budget, std::chrono::milliseconds(20));
  EXPECT_EQ(cache.limits().near_bytes, size_t{3} << 20);
  EXPECT_TRUE(cache.limits().only_replica);
}

TEST_F(CacheSettingsTest, AnAddressThatIsNoneIsRefused) {
  load({});
  const auto options = cache.redis_options("cache", "accounts");
  ASSERT_FALSE(options);
  EXPECT_EQ(options.error().reason, Reason::setting_invalid);
}

}  // namespace
}  // namespace holdfast::cache
