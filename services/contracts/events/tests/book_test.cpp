#include "contracts/events/book.h"

#include "contracts/app/tests/book.h"
#include "runtime/events/follow.h"

namespace holdfast::contracts {
namespace {

using OwnersAccountChange = events::Carrying<"holdfast.accounts.v1.AccountChanged", "account", Account>;
using OwnersLocationChange = events::Carrying<"holdfast.accounts.v1.LocationChanged", "location", Location>;

constexpr sql::Statement account_name{"test.account_name", "SELECT name FROM accounts"};
constexpr sql::Statement location_zone{"test.location_zone", "SELECT time_zone FROM locations"};

struct FollowBookTest : Book {
  void SetUp() override {
    Book::SetUp();
    follow_book(consumer);
  }
  // The one text that a statement gives when such a change has been handled.
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
    const OwnersAccountChange change{{account, name, AccountStatus::active, Tier::standard, owner, version}};
    return after("contracts.keep_changed_account", change, account_name);
  };
  EXPECT_EQ(named("Acme Corp", 3), "Acme Corp");
  EXPECT_EQ(named("Acme Inc", 2), "Acme Corp");
  EXPECT_EQ(named("Acme Limited", 4), "Acme Limited");
}

TEST_F(FollowBookTest, ANewerLocationReplacesAnOlderAndNeverTheOtherWayRound) {
  const auto in_zone = [&](const char* zone, std::int64_t version) {
    const OwnersLocationChange change{{location, account, "HQ", zone, version}};
    return after("contracts.keep_changed_location", change, location_zone);
  };
  EXPECT_EQ(in_zone("America/Chicago", 3), "America/Chicago");
  EXPECT_EQ(in_zone("America/Denver", 2), "America/Chicago");
}

// A customer with a second site, or a key account, is reminded earlier (R24).
TEST_F(FollowBookTest, AnAccountThatBecomesKeyIsRemindedEarlier) {
  const auto contract = created(yearly());
  EXPECT_FALSE(contract.early_lead);
  const OwnersAccountChange change{{account, "Acme", AccountStatus::active, Tier::key, owner, 2}};
  after("contracts.keep_changed_account", change, account_name);
  EXPECT_TRUE(ask(get_contract, GetContract{contract.id})->early_lead);
}

TEST_F(FollowBookTest, AZoneThatNobodyKnowsIsNone) {
  const OwnersLocationChange change{{location, account, "HQ", "", 2}};
  after("contracts.keep_changed_location", change, location_zone);
  EXPECT_EQ(run(create_contract, yearly()).error().reason, Reason::field_required);
}

}  // namespace
}  // namespace holdfast::contracts
