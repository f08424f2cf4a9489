#include "command_line/request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "command_line/session.h"
#include "holdfast/accounts/v1/accounts.pb.h"
#include "holdfast/accounts/v1/agencies.pb.h"
#include "holdfast/accounts/v1/events.pb.h"
#include "holdfast/contracts/v1/contracts.pb.h"
#include "holdfast/operations/v1/operations.pb.h"
#include "holdfast/tickets/v1/tickets.pb.h"

namespace holdfast::command_line {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> names(const std::vector<Flag>& flags) {
  std::vector<std::string> names;
  for (const auto& flag : flags) names.push_back((flag.by_place ? "" : "--") + flag.name);
  return names;
}

std::vector<Flag> flags(const char* method, const char* by_place) { return flags_of(*find_method(method), by_place); }

TEST(FlagsTest, FieldsAreFlagsByTheirNames) {
  const auto all = flags("holdfast.tickets.v1.TicketService/OpenTicket", "account_id name");
  EXPECT_THAT(names(all), ElementsAre("account-id", "name", "--id", "--location-id", "--contact-id", "--description",
                                      "--priority", "--request-id", "--validate-only"));
  EXPECT_THAT(all[6].words, ElementsAre("p1", "p2", "p3", "p4"));
  EXPECT_FALSE(all[8].takes_value);
}

TEST(FlagsTest, HelpSaysWhatAFieldMeans) {
  std::map<std::string, std::pair<std::string, std::string>> said;
  for (const auto& flag : flags("holdfast.tickets.v1.TicketService/OpenTicket", "account_id name")) {
    said[flag.name] = {flag.value, flag.help};
  }
  for (const auto& flag : flags("holdfast.contracts.v1.ContractService/CreateContract", "account_id")) {
    said.try_emplace(flag.name, flag.value, flag.help);
  }
  using Said = std::pair<std::string, std::string>;
  EXPECT_EQ(said["name"], Said("TEXT", "what is wrong, in one line; at most 200 bytes")) << "the ticket's own";
  EXPECT_EQ(said["priority"].first, "") << "its words stand for it";
  EXPECT_EQ(said["validate-only"].second, "check everything and change nothing");
  EXPECT_EQ(said["plan-term-start"].first, "DATE");
  EXPECT_THAT(said["plan-term-start"].second, ::testing::EndsWith(", as 2026-01-05"));
  EXPECT_THAT(said["id"].second, ::testing::StartsWith("given by the caller, or one of ours when empty"));
}

TEST(FlagsTest, AFieldNamedAsAFlagOfEveryVerbIsToldApart) {
  const auto found = names(flags("holdfast.accounts.v1.AccountService/AddLocation", "account_id name"));
  EXPECT_THAT(found, ::testing::Contains("--its-state"));
  EXPECT_THAT(found, ::testing::Not(::testing::Contains("--state")));
}

TEST(FlagsTest, PagesAreNoFlags) {
  EXPECT_THAT(names(flags("holdfast.operations.v1.OperationsService/ListDeadLetters", "")), ElementsAre("--service"));
}

TEST(FillTest, ValuesBecomeFields) {
  tickets::v1::OpenTicketRequest request;
  ASSERT_TRUE(fill(request, {{"account-id", {"a1"}},
                             {"name", {"Circuit down"}},
                             {"priority", {"P1"}},
                             {"request-id", {"r1"}},
                             {"validate-only", {"true"}}}));
  EXPECT_EQ(request.ShortDebugString(),
            R"(account_id: "a1" name: "Circuit down" priority: PRIORITY_P1 request_id: "r1" validate_only: true)");
}

TEST(FillTest, ARequestIdIsMadeWhenNoneIsGiven) {
  tickets::v1::OpenTicketRequest first, second;
  ASSERT_TRUE(fill(first, {}));
  ASSERT_TRUE(fill(second, {}));
  EXPECT_EQ(first.request_id().size(), 36u);
  EXPECT_NE(first.request_id(), second.request_id());
}

TEST(FillTest, InstantsRepeatedAndNestedFields) {
  operations::v1::SetClockRequest clock;
  ASSERT_TRUE(fill(clock, {{"business-now", {"2026-01-05T09:00:00.5Z"}}}));
  EXPECT_EQ(clock.business_now().seconds(), 1767603600);
  EXPECT_EQ(clock.business_now().nanos(), 500000000);
  accounts::v1::CreateKeyRequest key;
  ASSERT_TRUE(fill(key, {{"permissions", {"tickets.read", "tickets.write"}}}));
  EXPECT_THAT(key.permissions(), ElementsAre("tickets.read", "tickets.write"));
  accounts::v1::AccountDescription description;
  ASSERT_TRUE(fill(
      description,
      {{"account-name", {"Acme"}}, {"account-tier", {"key"}}, {"locations", {R"({"timeZone": "America/Chicago"})"}}}));
  EXPECT_EQ(description.ShortDebugString(),
            R"(account { name: "Acme" tier: TIER_KEY } locations { time_zone: "America/Chicago" })");
}

TEST(FillTest, DaysAreGivenWithTheirUnitOrWithout) {
  for (const char* text : {"90d", "90"}) {
    contracts::v1::ListDeadlinesRequest request;
    ASSERT_TRUE(fill(request, {{"within", {text}}}));
    EXPECT_EQ(request.within_days(), 90);
  }
}

TEST(FillTest, AValueThatDoesNotFitIsRefusedWithItsFlag) {
  const auto field_of = [](google::protobuf::Message&& message, const Values& values) {
    const auto filled = fill(message, values);
    return filled ? "" : filled.error().fields.front().field;
  };
  EXPECT_EQ(field_of(tickets::v1::OpenTicketRequest(), {{"priority", {"p9"}}}), "--priority");
  EXPECT_EQ(field_of(tickets::v1::OpenTicketRequest(), {{"validate-only", {"perhaps"}}}), "--validate-only");
  EXPECT_EQ(field_of(contracts::v1::ListDeadlinesRequest(), {{"within", {"3w"}}}), "--within");
  EXPECT_EQ(field_of(operations::v1::SetClockRequest(), {{"business-now", {"tomorrow"}}}), "--business-now");
  EXPECT_EQ(field_of(accounts::v1::AccountDescription(), {{"account-version", {"1x"}}}), "--account-version");
  EXPECT_EQ(field_of(accounts::v1::AccountDescription(), {{"locations", {"{"}}}), "--locations");
}

}  // namespace
}  // namespace holdfast::command_line
