#include "tickets/events/book.h"

#include <gtest/gtest.h>

#include "runtime/events/follow.h"
#include "runtime/migrations.h"
#include "runtime/testing/fake_clock.h"
#include "runtime/testing/temp_database.h"
#include "tickets/app/tickets.h"
#include "tickets/migrations.h"

namespace holdfast::tickets {
namespace {

using OwnersAccountChange = events::Carrying<"holdfast.accounts.v1.AccountChanged", "account", Account>;
using OwnersLocationChange = events::Carrying<"holdfast.accounts.v1.LocationChanged", "location", Location>;
using OwnersContactChange = events::Carrying<"holdfast.accounts.v1.ContactChanged", "contact", Contact>;

constexpr sql::Statement account_names{"test.account_names", "SELECT name FROM accounts"};
constexpr sql::Statement location_names{"test.location_names", "SELECT name FROM locations"};
constexpr sql::Statement contact_names{"test.contact_names", "SELECT name FROM contacts"};

struct FollowBookTest : ::testing::Test {
  static constexpr std::array components{sql::Migrations{"runtime", runtime::migrations},
                                         sql::Migrations{"tickets", migrations}};

  void SetUp() override { follow_book(consumer); }
  // The one name that a statement gives when such a change has been handled.
  template <class Fact>
  std::string after(const std::string& handler, const Fact& fact, const sql::Statement& statement) {
    const auto handled = consumer.handle(handler, events::encode(fact, agency, clock.now()));
    EXPECT_TRUE(handled) << describe(handled.error());
    return *database.read(call, [&](sql::Transaction& tx) { return tx.one<std::string>(statement); });
  }

  testing::TempDatabase temporary{components};
  sql::Database database{{.url = temporary.url(), .pool_size = 4, .constraints = {}}};
  testing::FakeClock clock{*parse_instant("2026-01-05T09:00:00Z")};
  events::Outbox outbox;
  events::Transactor transactor{database, outbox, clock};
  events::Consumer consumer{transactor, {.group = "test"}};
  AgencyId agency{new_uuid()};
  Call call = service_call(agency, "test", std::chrono::seconds(30));
  AccountId account{new_uuid()};
};

TEST_F(FollowBookTest, ANewerAccountReplacesAnOlderAndNeverTheOtherWayRound) {
  const auto named = [&, owner = StaffId{new_uuid()}](const char* name, std::int64_t version) {
    const OwnersAccountChange change{{account, name, AccountStatus::active, owner, Tier::standard, version}};
    return after("tickets.keep_changed_account", change, account_names);
  };
  EXPECT_EQ(named("Acme Corp", 3), "Acme Corp");
  EXPECT_EQ(named("Acme Inc", 2), "Acme Corp");
  EXPECT_EQ(named("Acme Limited", 4), "Acme Limited");
}

TEST_F(FollowBookTest, ANewerLocationReplacesAnOlderAndNeverTheOtherWayRound) {
  const auto named = [&, id = LocationId{new_uuid()}](const char* name, std::int64_t version) {
    const OwnersLocationChange change{{id, account, name, "America/Chicago", version}};
    return after("tickets.keep_changed_location", change, location_names);
  };
  EXPECT_EQ(named("HQ", 3), "HQ");
  EXPECT_EQ(named("Depot", 2), "HQ");
  EXPECT_EQ(named("Main", 4), "Main");
}

TEST_F(FollowBookTest, ANewerContactReplacesAnOlderAndNeverTheOtherWayRound) {
  const auto named = [&, id = ContactId{new_uuid()}](const char* name, std::int64_t version) {
    const OwnersContactChange change{{id, account, name, version}};
    return after("tickets.keep_changed_contact", change, contact_names);
  };
  EXPECT_EQ(named("Jan", 3), "Jan");
  EXPECT_EQ(named("Jo", 2), "Jan");
  EXPECT_EQ(named("Jan Kern", 4), "Jan Kern");
}

}  // namespace
}  // namespace holdfast::tickets
