#include <gtest/gtest.h>

#include "notifications/app/tests/agency_book.h"
#include "notifications/events/reactions.h"
#include "runtime/events/follow.h"

namespace holdfast::notifications {
namespace {

using OwnersAccountChange = events::Carrying<"holdfast.accounts.v1.AccountChanged", "account", Account>;
using OwnersLocationChange = events::Carrying<"holdfast.accounts.v1.LocationChanged", "location", Location>;

constexpr sql::Statement account_names{"test.account_names", "SELECT name FROM accounts"};
constexpr sql::Statement location_names{"test.location_names", "SELECT name FROM locations"};

struct FollowBookTest : ::testing::Test, AgencyBook {
  void SetUp() override {
    ASSERT_TRUE(keep());
    follow_book(consumer);
  }
  // The one name that a statement gives when such a change has been handled.
  template <class Fact>
  std::string after(const std::string& handler, const Fact& fact, const sql::Statement& statement) {
    const auto handled = consumer.handle(handler, events::encode(fact, agency, clock.now()));
    EXPECT_TRUE(handled) << describe(handled.error());
    return *database.read(call, [&](sql::Transaction& tx) { return tx.one<std::string>(statement); });
  }

  events::Consumer consumer{transactor, {.group = "test"}};
};

TEST_F(FollowBookTest, ANewerAccountReplacesAnOlderAndNeverTheOtherWayRound) {
  const auto named = [&](const char* name, std::int64_t version) {
    const OwnersAccountChange change{{account, name, owner.id, version}};
    return after("notifications.keep_changed_account", change, account_names);
  };
  EXPECT_EQ(named("Acme Corp", 3), "Acme Corp");
  EXPECT_EQ(named("Acme Inc", 2), "Acme Corp");
}

TEST_F(FollowBookTest, ANewerLocationReplacesAnOlderAndNeverTheOtherWayRound) {
  const auto named = [&](const char* name, std::int64_t version) {
    const OwnersLocationChange change{{location, account, name, version}};
    return after("notifications.keep_changed_location", change, location_names);
  };
  EXPECT_EQ(named("Main", 3), "Main");
  EXPECT_EQ(named("Depot", 2), "Main");
}

}  // namespace
}  // namespace holdfast::notifications
