#include "accounts/domain/agency.h"

#include <gtest/gtest.h>

#include "accounts/domain/api_key.h"

namespace holdfast::accounts {
namespace {

const Instant now = *parse_instant("2026-01-05T09:00:00Z");
const CreateAgency founding{
    .name = "Best Telecom", .time_zone = "America/Denver", .staff_name = "Kim", .staff_email = "Kim@Best.Example"};

TEST(CreateAgency, BeginsWithItsFirstMemberOfStaff) {
  const AgencyId id{new_uuid()};
  const auto created = create(founding, id, now);
  ASSERT_TRUE(created) << describe(created.error());
  EXPECT_EQ(created->agency.id, id);
  EXPECT_EQ(created->staff.email, "kim@best.example");
  EXPECT_EQ(created->staff.time_zone, "America/Denver");
}

TEST(CreateAgency, RefusesWithTheFieldAtFault) {
  const auto field_of = [](auto spoil) {
    auto command = founding;
    spoil(command);
    const auto created = create(command, AgencyId{new_uuid()}, now);
    return created ? std::string("nothing") : created.error().fields.at(0).field;
  };
  EXPECT_EQ(field_of([](auto& c) { c.name = ""; }), "name");
  EXPECT_EQ(field_of([](auto& c) { c.time_zone = "Mars/Olympus"; }), "time_zone");
  EXPECT_EQ(field_of([](auto& c) { c.staff_name = ""; }), "staff_name");
  EXPECT_EQ(field_of([](auto& c) { c.staff_email = ""; }), "staff_email");
  EXPECT_EQ(field_of([](auto& c) { c.staff_email = "kim"; }), "staff_email");
}

TEST(AddStaff, WorksInTheAgencysZoneUnlessAnotherIsGiven) {
  const Agency agency{AgencyId{new_uuid()}, "Best Telecom", "America/Denver", 1};
  AddStaff command{.name = "Lee", .email = "lee@best.example"};
  EXPECT_EQ(add(command, agency, now)->staff.time_zone, "America/Denver");
  command.time_zone = "America/New_York";
  EXPECT_EQ(add(command, agency, now)->staff.time_zone, "America/New_York");
}

TEST(CreateKey, GrantsNothingThatItsMakerMayNot) {
  const Principal maker{{}, PrincipalKind::integration, "key", {"tickets.read", "agencies.write"}};
  const auto reason_of = [&](std::vector<std::string> permissions) {
    const auto granted = grant({.name = "export", .permissions = std::move(permissions)}, maker);
    return granted ? std::optional<Reason>() : granted.error().reason;
  };
  EXPECT_EQ(reason_of({"tickets.read"}), std::nullopt);
  EXPECT_EQ(reason_of({"tickets.read", "tickets.write"}), Reason::permission_denied);
  EXPECT_EQ(reason_of({"*"}), Reason::permission_denied);
  EXPECT_EQ(reason_of({}), Reason::field_required);
  EXPECT_EQ(reason_of({"everything"}), Reason::field_invalid);
  EXPECT_EQ(reason_of({"Tickets.Read"}), Reason::field_invalid);
  EXPECT_EQ(reason_of({"a." + std::string(max_permission_bytes, 'x')}), Reason::field_invalid);
  EXPECT_EQ(reason_of(std::vector<std::string>(max_permissions + 1, "tickets.read")), Reason::field_too_long);
}

}  // namespace
}  // namespace holdfast::accounts
