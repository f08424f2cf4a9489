#include <fmt/format.h>
#include <gmock/gmock.h>

#include "accounts/app/lookup.h"
#include "accounts/app/tests/with_agency.h"
#include "accounts/store/copies.sql.h"
#include "runtime/testing/plan.h"

namespace holdfast::accounts {
namespace {

struct AccountsTest : WithAgency {
  CreateAccount named(const std::string& name) { return {.name = name, .owner_id = owner}; }
};

TEST_F(AccountsTest, AnAccountIsStoredAndPublished) {
  const auto account = run(create_account, named("Acme Corp"));
  ASSERT_TRUE(account) << describe(account.error());
  EXPECT_EQ(*ask(get_account, GetAccount{account->id}), *account);
  EXPECT_EQ(take_published(), std::vector<std::string>{"holdfast.account-created.v1"});
}

TEST_F(AccountsTest, ANameIsTakenOnceInAnAgency) {
  ASSERT_TRUE(run(create_account, named("Joe's Diner")));
  const auto again = run(create_account, named("JOE\u2019S\u00A0 diner"));
  EXPECT_EQ(again.error().reason, Reason::already_exists);
  EXPECT_EQ(again.error().fields.at(0).field, "name");
  EXPECT_TRUE(run(create_account, named("Joes Diner")));
  const auto elsewhere = make_agency(stranger);
  ASSERT_TRUE(elsewhere);
  EXPECT_TRUE(run_as(stranger, create_account, CreateAccount{.name = "Joe's Diner", .owner_id = elsewhere->staff.id}));
}

TEST_F(AccountsTest, AnIdIsTakenOnce) {
  auto command = named("Acme");
  command.id = AccountId{new_uuid()};
  ASSERT_TRUE(run(create_account, command));
  command.name = "Another";
  EXPECT_EQ(run(create_account, command).error().reason, Reason::already_exists);
  EXPECT_EQ(take_published().size(), 1u);
}

TEST_F(AccountsTest, OwnerAndParentAreTheAgencysOwn) {
  const auto parent = make_account("Acme");
  const auto elsewhere = make_agency(stranger);
  ASSERT_TRUE(elsewhere);
  auto owned = named("Acme East");
  owned.owner_id = elsewhere->staff.id;
  EXPECT_EQ(run(create_account, owned).error().reason, Reason::staff_not_found);
  const CreateAccount below{.name = "Acme East", .owner_id = elsewhere->staff.id, .parent_id = parent};
  EXPECT_EQ(run_as(stranger, create_account, below).error().reason, Reason::account_not_found);
}

TEST_F(AccountsTest, AccountsAreAtMostSixDeep) {
  auto parent = make_account("1");
  for (int depth = 2; depth <= max_depth; ++depth) parent = make_account(std::to_string(depth), parent);
  auto command = named("7");
  command.parent_id = parent;
  EXPECT_EQ(run(create_account, command).error().reason, Reason::field_out_of_range);
}

TEST_F(AccountsTest, AnAccountIsDescribedWhole) {
  const auto account = make_account("Acme");
  const auto location =
      run(add_location, AddLocation{.account_id = account, .name = "HQ", .time_zone = "America/New_York"});
  ASSERT_TRUE(location) << describe(location.error());
  const auto contact = run(add_contact, AddContact{.account_id = account, .name = "Jan", .phone = "617-555-0149"});
  ASSERT_TRUE(contact) << describe(contact.error());
  EXPECT_EQ(take_published(), (std::vector<std::string>{"holdfast.account-created.v1", "holdfast.location-added.v1",
                                                        "holdfast.contact-added.v1"}));
  const auto described = ask(describe_account, DescribeAccount{account});
  ASSERT_TRUE(described) << describe(described.error());
  EXPECT_EQ(described->account.id, account);
  EXPECT_EQ(described->locations, std::vector{*location});
  EXPECT_EQ(described->contacts, std::vector{*contact});
  EXPECT_EQ(described->owner.id, owner);
  EXPECT_EQ(described->owner.email, "kim@best.example");
}

TEST_F(AccountsTest, ALocationsNameIsTakenOnceInItsAccount) {
  AddLocation command{.account_id = make_account("Acme"), .name = "Main St", .time_zone = "America/New_York"};
  ASSERT_TRUE(run(add_location, command));
  command.name = "MAIN  ST";
  EXPECT_EQ(run(add_location, command).error().fields.at(0).field, "name");
  command.account_id = make_account("Other");
  EXPECT_TRUE(run(add_location, command));
}

TEST_F(AccountsTest, AnotherAgencySeesAndChangesNothing) {
  const auto account = make_account("Acme");
  EXPECT_EQ(ask_as(stranger, get_account, GetAccount{account}).error().reason, Reason::account_not_found);
  EXPECT_EQ(ask_as(stranger, describe_account, DescribeAccount{account}).error().reason, Reason::account_not_found);
  EXPECT_EQ(run_as(stranger, add_contact, AddContact{.account_id = account, .name = "Jan"}).error().reason,
            Reason::account_not_found);
  EXPECT_EQ(run_as(stranger, add_location, AddLocation{.account_id = account, .name = "HQ", .time_zone = "UTC"})
                .error()
                .reason,
            Reason::account_not_found);
}

TEST_F(AccountsTest, WhatAChangeShowsOnIsFoundWithoutReadingTheBook) {
  temporary.run(fmt::format(
      "SET app.agencies = '{0}';"
      "INSERT INTO accounts (agency_id, id, name, number, status, tier, owner_id, version, name_key)"
      " SELECT '{0}', md5(n::text)::uuid, n, '', 'active', 'standard', '{1}', 1, n FROM generate_series(1, 5000) AS n;"
      "INSERT INTO locations (agency_id, id, account_id, name, street, city, state, postal_code, time_zone, version,"
      " name_key) SELECT agency_id, gen_random_uuid(), id, name, '', '', '', '', 'UTC', 1, name FROM accounts;"
      "ANALYZE accounts, locations",
      to_string(agency), to_string(owner)));
  const auto plan_for = [&](const std::vector<Uuid>& accounts, const std::vector<Uuid>& owners) {
    return holdfast::testing::plan_of(database, call, statements::places_of.text, accounts, std::vector<Uuid>(),
                                      owners);
  };
  // Often enough that PostgreSQL has settled for one plan.
  for (int time = 0; time < 8; ++time) {
    for (const auto& plan : {plan_for({new_uuid()}, {}), plan_for({}, {new_uuid()})}) {
      EXPECT_THAT(plan, ::testing::HasSubstr("locations"));
      EXPECT_THAT(plan, Not(::testing::HasSubstr("Seq Scan on accounts")));
      EXPECT_THAT(plan, Not(::testing::HasSubstr("Seq Scan on locations")));
      EXPECT_THAT(plan, Not(::testing::ContainsRegex("Removed by Filter: [0-9][0-9]")));
    }
  }
  // What nearly every event asks is not planned for each.
  constexpr sql::Statement planned_once{
      "test.planned_once",
      "SELECT coalesce(sum(generic_plans), 0)::bigint FROM pg_prepared_statements WHERE name LIKE '%.places_of%'"};
  for (int time = 0; time < 8; ++time) {
    const Touched touched{.accounts = {AccountId{new_uuid()}}};
    EXPECT_TRUE(database.read(call, [&](sql::Transaction& transaction) { return places_of(transaction, touched); }));
  }
  EXPECT_GT(
      *database.read(call, [&](sql::Transaction& transaction) { return transaction.one<std::int64_t>(planned_once); }),
      0);
  const auto place = holdfast::testing::plan_of(
      database, call, fmt::format("EXECUTE \"{}\" ('{}')", statements::places_of_account.name, to_string(new_uuid())));
  EXPECT_THAT(place, Not(::testing::HasSubstr("Seq Scan")));
  EXPECT_THAT(place, Not(::testing::ContainsRegex("Removed by Filter: [0-9][0-9]")));
}

}  // namespace
}  // namespace holdfast::accounts
