#include "accounts/app/tests/with_agency.h"

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

}  // namespace
}  // namespace holdfast::accounts
