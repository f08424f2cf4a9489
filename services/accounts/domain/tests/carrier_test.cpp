#include "accounts/domain/carrier.h"

#include <gtest/gtest.h>

#include "accounts/domain/carrier_account.h"

namespace holdfast::accounts {
namespace {

const Instant now = *parse_instant("2026-01-05T09:00:00Z");

AddCarrierContact escalation() {
  return {.carrier_id = CarrierId{new_uuid()},
          .function = "escalation",
          .level = 1,
          .name = "Chris Kern",
          .phone = "1-800-555-0133",
          .verified_on = *parse_date("2026-08-24")};
}

TEST(CarrierContact, RefusesWithTheFieldAtFault) {
  const struct {
    const char* why;
    void (*spoil)(AddCarrierContact&);
    Reason reason;
    const char* field;
  } refusals[] = {
      {"no function", [](AddCarrierContact& one) { one.function = " "; }, Reason::field_required, "function"},
      {"no level", [](AddCarrierContact& one) { one.level = 0; }, Reason::field_out_of_range, "level"},
      {"a high level", [](AddCarrierContact& one) { one.level = 21; }, Reason::field_out_of_range, "level"},
      {"half a number", [](AddCarrierContact& one) { one.after_hours_phone = "555-0133"; }, Reason::phone_incomplete,
       "after_hours_phone"},
      {"no address", [](AddCarrierContact& one) { one.email = "kern"; }, Reason::email_invalid, "email"},
      {"nothing to reach them by", [](AddCarrierContact& one) { one.phone = ""; }, Reason::field_required, "phone"},
      {"no hours", [](AddCarrierContact& one) { one.hours = {"always"}; }, Reason::field_invalid, "hours[0]"},
      {"no zone", [](AddCarrierContact& one) { one.time_zone = "Eastern"; }, Reason::time_zone_unknown, "time_zone"},
  };
  for (const auto& refusal : refusals) {
    auto command = escalation();
    refusal.spoil(command);
    const auto contact = add(command, now);
    ASSERT_FALSE(contact) << refusal.why;
    EXPECT_EQ(contact.error().reason, refusal.reason) << refusal.why;
    EXPECT_EQ(contact.error().fields.at(0).field, refusal.field) << refusal.why;
  }
}

TEST(CarrierContact, AChangeKeepsWhatIsLeftOut) {
  auto command = escalation();
  command.phone = "1-800-555-0133 x12";
  const auto before = *add(command, now);
  EXPECT_EQ(before.phone, "+18005550133;ext=12");
  const auto after = change(before, {.id = before.id, .name = "Chris Odom", .clear = {"verified_on"}});
  ASSERT_TRUE(after) << describe(after.error());
  EXPECT_EQ(after->name, "Chris Odom");
  EXPECT_EQ(after->phone, before.phone);
  EXPECT_EQ(after->level, 1);
  EXPECT_FALSE(after->verified_on);
  EXPECT_EQ(after->version, 2);
  EXPECT_EQ(change(before, {.id = before.id, .clear = {"phone"}}).error().fields.at(0).field, "clear[0]");
  EXPECT_EQ(change(before, {.id = before.id, .etag = "2"}).error().reason, Reason::etag_stale);
}

TEST(Carrier, IsRenamedAndKeepsItsNotes) {
  const auto before = *create({.name = " Lumen ", .notes = "PIN first"}, now);
  const auto after = change(before, {.id = before.id, .name = "Lumen Technologies"});
  EXPECT_EQ(after->name, "Lumen Technologies");
  EXPECT_EQ(after->notes, "PIN first");
  EXPECT_EQ(*change(before, {.id = before.id, .name = "Lumen"}), before);
}

TEST(CarrierAccount, NeedsANumberAndAnOpenAccount) {
  AddCarrierAccount command{
      .carrier_id = CarrierId{new_uuid()}, .number = " 5-ABC 0149", .account_id = AccountId{new_uuid()}};
  EXPECT_EQ(add(command, AccountStatus::active, now)->number, "5-ABC 0149");
  EXPECT_EQ(add(command, AccountStatus::closed, now).error().reason, Reason::account_closed);
  command.number = "--";
  EXPECT_EQ(add(command, AccountStatus::active, now).error().fields.at(0).field, "number");
}

}  // namespace
}  // namespace holdfast::accounts
