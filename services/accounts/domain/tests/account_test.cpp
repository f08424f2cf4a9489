#include "accounts/domain/account.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "accounts/domain/contact.h"
#include "accounts/domain/location.h"

namespace holdfast::accounts {
namespace {

const Instant now = *parse_instant("2026-01-05T09:00:00Z");
const Surroundings alone{.owner_exists = true};

CreateAccount named(std::string name) { return {.name = std::move(name), .owner_id = StaffId{new_uuid()}}; }

CreateAccount below(AccountId parent) {
  auto command = named("Acme");
  command.parent_id = parent;
  return command;
}

TEST(CreateAccount, BeginsAsAStandardProspectOfItsOwner) {
  const auto command = named(" Acme\u00A0 Corp ");
  const auto created = create(command, alone, now);
  ASSERT_TRUE(created) << describe(created.error());
  EXPECT_EQ(created->account.name, "Acme Corp");
  EXPECT_EQ(created->account.status, AccountStatus::prospect);
  EXPECT_EQ(created->account.tier, Tier::standard);
  EXPECT_EQ(created->account.owner_id, command.owner_id);
  EXPECT_EQ(created->account.version, 1);
}

TEST(CreateAccount, KeepsTheIdItIsGiven) {
  auto command = named("Acme");
  command.id = AccountId{new_uuid()};
  EXPECT_EQ(create(command, alone, now)->account.id, *command.id);
}

TEST(CreateAccount, HangsAtMostSixDeep) {
  const auto command = below(AccountId{new_uuid()});
  EXPECT_TRUE(create(command, {.owner_exists = true, .parent_depth = max_depth - 1}, now));
  EXPECT_EQ(create(command, {.owner_exists = true, .parent_depth = max_depth}, now).error().reason,
            Reason::field_out_of_range);
}

TEST(CreateAccount, RefusesWithTheFieldAtFault) {
  auto closed = named("Acme");
  closed.status = AccountStatus::closed;
  auto own_parent = below(AccountId{new_uuid()});
  own_parent.id = own_parent.parent_id;
  const Surroundings nobody{};
  const struct {
    const char* why;
    CreateAccount command;
    Surroundings surroundings;
    Reason reason;
    const char* field;
  } refusals[] = {
      {"no name", named("  "), alone, Reason::field_required, "name"},
      {"a long name", named(std::string(501, 'x')), alone, Reason::field_too_long, "name"},
      {"closed from the start", closed, alone, Reason::illegal_transition, "status"},
      {"an unknown owner", named("Acme"), nobody, Reason::staff_not_found, "owner_id"},
      {"an unknown parent", below(AccountId{new_uuid()}), alone, Reason::account_not_found, "parent_id"},
      {"its own parent", own_parent, alone, Reason::parent_cycle, "parent_id"},
  };
  for (const auto& refusal : refusals) {
    const auto created = create(refusal.command, refusal.surroundings, now);
    ASSERT_FALSE(created) << refusal.why;
    EXPECT_EQ(created.error().reason, refusal.reason) << refusal.why;
    EXPECT_EQ(created.error().fields.at(0).field, refusal.field) << refusal.why;
  }
}

TEST(ChangeAccount, StatusesFollowEachOther) {
  using enum AccountStatus;
  const std::vector<std::pair<AccountStatus, AccountStatus>> legal{
      {prospect, onboarding}, {prospect, closed},  {onboarding, active}, {onboarding, closed}, {active, suspended},
      {active, closed},       {suspended, active}, {suspended, closed},  {closed, onboarding}};
  auto before = create(named("Acme"), alone, now)->account;
  for (const auto from : {prospect, onboarding, active, suspended, closed}) {
    for (const auto to : {prospect, onboarding, active, suspended, closed}) {
      if (from == to) continue;
      before.status = from;
      const auto after = change(before, {.id = before.id, .status = to, .reason = "because"}, alone);
      const bool is_legal = std::ranges::find(legal, std::pair(from, to)) != legal.end();
      EXPECT_EQ(after.has_value(), is_legal) << to_string(from) << " -> " << to_string(to);
    }
  }
}

TEST(ChangeAccount, SuspendingAndClosingTakeAReason) {
  auto before = create(named("Acme"), alone, now)->account;
  before.status = AccountStatus::active;
  for (const auto status : {AccountStatus::suspended, AccountStatus::closed}) {
    const auto refused = change(before, {.id = before.id, .status = status, .reason = " "}, alone);
    EXPECT_EQ(refused.error().fields.at(0).field, "reason");
    EXPECT_EQ(change(before, {.id = before.id, .status = status, .reason = "unpaid"}, alone)->status_reason, "unpaid");
  }
  before.status = AccountStatus::suspended;
  before.status_reason = "unpaid";
  EXPECT_EQ(change(before, {.id = before.id, .status = AccountStatus::active}, alone)->status_reason, "");
}

TEST(ChangeAccount, RefusesWithTheFieldAtFault) {
  const auto before = create(named("Acme"), alone, now)->account;
  const auto refused = [&](const ChangeAccount& command, const Surroundings& surroundings) {
    const auto after = change(before, command, surroundings);
    EXPECT_FALSE(after);
    return std::pair(after.error().reason, after.error().fields.at(0).field);
  };
  const AccountId parent{new_uuid()};
  EXPECT_EQ(refused({.name = ""}, alone), std::pair(Reason::field_required, std::string("name")));
  EXPECT_EQ(refused({.owner_id = StaffId{new_uuid()}}, {}),
            std::pair(Reason::staff_not_found, std::string("owner_id")));
  EXPECT_EQ(refused({.parent_id = parent}, alone), std::pair(Reason::account_not_found, std::string("parent_id")));
  EXPECT_EQ(refused({.parent_id = parent}, {.parent_depth = 1, .parent_is_below = true}),
            std::pair(Reason::parent_cycle, std::string("parent_id")));
  EXPECT_EQ(refused({.parent_id = parent}, {.parent_depth = 4, .height = 3}),
            std::pair(Reason::field_out_of_range, std::string("parent_id")));
  EXPECT_EQ(refused({.clear = {"owner_id"}}, alone), std::pair(Reason::field_invalid, std::string("clear[0]")));
  EXPECT_EQ(refused({.reason = std::string(2'001, 'x')}, alone),
            std::pair(Reason::field_too_long, std::string("reason")));
  EXPECT_EQ(refused({.etag = "2"}, alone), std::pair(Reason::etag_stale, std::string("etag")));
  EXPECT_TRUE(change(before, {.parent_id = parent}, {.parent_depth = 4, .height = 2}));
}

TEST(AddLocation, TakesZonesThatExist) {
  AddLocation command{.account_id = AccountId{new_uuid()}, .name = "HQ", .time_zone = "America/New_York"};
  EXPECT_EQ(add(command, AccountStatus::active, now)->location.time_zone, "America/New_York");
  command.time_zone = "Eastern";
  EXPECT_EQ(add(command, AccountStatus::active, now).error().reason, Reason::time_zone_unknown);
  EXPECT_EQ(add(command, AccountStatus::active, now).error().fields.at(0).field, "time_zone");
  command.time_zone = "";
  EXPECT_EQ(add(command, AccountStatus::active, now).error().reason, Reason::field_required);
}

TEST(AddContact, ChecksHowSomebodyIsReached) {
  AddContact command{
      .account_id = AccountId{new_uuid()}, .name = "Jan", .email = "Jan@Acme.Example", .phone = "617-555-0149"};
  const auto added = add(command, AccountStatus::active, {}, now);
  ASSERT_TRUE(added) << describe(added.error());
  EXPECT_EQ(added->contact.email, "jan@acme.example");
  EXPECT_EQ(added->contact.phone, "+16175550149");
  command.phone = "555-0149";
  EXPECT_EQ(add(command, AccountStatus::active, {}, now).error().fields.at(0).field, "phone");
}

TEST(ClosedAccount, TakesNothingNew) {
  const AccountId account{new_uuid()};
  EXPECT_EQ(add(AddContact{.account_id = account, .name = "Jan"}, AccountStatus::closed, {}, now).error().reason,
            Reason::account_closed);
  EXPECT_EQ(add(AddLocation{.account_id = account, .name = "HQ", .time_zone = "UTC"}, AccountStatus::closed, now)
                .error()
                .reason,
            Reason::account_closed);
}

}  // namespace
}  // namespace holdfast::accounts
