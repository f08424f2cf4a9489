#include "command_line/answer.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <sstream>

#include "holdfast/accounts/v1/accounts.pb.h"
#include "holdfast/operations/v1/operations.pb.h"
#include "holdfast/tickets/v1/tickets.pb.h"
#include "holdfast/type/v1/money.pb.h"

namespace holdfast::command_line {
namespace {

using google::protobuf::Message;

template <class M>
M parsed(const std::string& text) {
  M message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

std::string resource(const Message& message) {
  std::ostringstream out;
  print_resource(out, message, false);
  return out.str();
}

std::string list(const std::vector<const Message*>& elements, std::string_view columns, bool colors = false) {
  std::ostringstream out;
  print_list(out, elements, columns, colors);
  return out.str();
}

TEST(JsonTest, ZeroValuesArePrintedAndNamesAreLowerCamel) {
  EXPECT_EQ(json_of(parsed<operations::v1::ServiceQuiescence>("service: 'tickets' activity: 7")),
            R"({"service":"tickets","settled":false,"activity":"7","timerDue":false,"failingTimers":0,)"
            R"("outboxEvents":0,"unhandledEvents":0})");
}

TEST(ResourceTest, NamesAndValuesStandBelowEachOther) {
  const auto ticket = parsed<tickets::v1::Ticket>(
      "id: 't1' name: 'Circuit\\ndown' priority: PRIORITY_P1 status: TICKET_STATUS_IN_PROGRESS "
      "opened_at { seconds: 1767603600 } version: 3");
  EXPECT_EQ(resource(ticket),
            "id         t1\n"
            "name       Circuit down\n"
            "priority   p1\n"
            "status     in progress\n"
            "opened at  Mon 05 Jan 2026 09:00:00 UTC\n"
            "version    3\n");
}

TEST(ResourceTest, WhatIsWithinFollows) {
  const auto description = parsed<accounts::v1::AccountDescription>(
      "account { id: 'a1' name: 'Acme' tier: TIER_KEY } "
      "locations { id: 'l1' name: 'HQ' city: 'Köln' state: 'MA' } locations { id: 'l2' name: 'Branch' city: 'Troy' }");
  EXPECT_EQ(resource(description),
            "account id       a1\n"
            "account name     Acme\n"
            "account tier     key\n"
            "account version  0\n"
            "\n"
            "locations\n"
            "id  name    city  state  version\n"
            "l1  HQ      Köln  MA     0\n"
            "l2  Branch  Troy         0\n");
}

TEST(TextTest, DatesAndMoneyAreReadable) {
  EXPECT_EQ(text_of(parsed<accounts::v1::Account>("name: '2026-02-28'"), "name"), "Sat 28 Feb 2026");
  EXPECT_EQ(text_of(parsed<accounts::v1::Account>("name: '2026-02-31'"), "name"), "2026-02-31");
  EXPECT_EQ(text_of(parsed<accounts::v1::AccountDescription>("account { name: 'Acme' }"), "account.name"), "Acme");
}

struct ListTest : ::testing::Test {
  operations::v1::Invariant first = parsed<operations::v1::Invariant>("name: 'one' holds: true");
  operations::v1::Invariant second = parsed<operations::v1::Invariant>("name: 'another' detail: '3 rows'");
};

TEST_F(ListTest, ColumnsAreAlignedAndTheWorstIsFirst) {
  EXPECT_EQ(list({&first, &second}, "check=name holds! detail"),
            "check    holds  detail\n"
            "another  no     3 rows\n"
            "one      yes    \n");
}

TEST_F(ListTest, OnlyATerminalSeesColours) {
  EXPECT_EQ(list({&second}, "name holds!", true), "\033[1mname     holds\n\033[0manother  \033[31mno\033[0m\n");
  EXPECT_EQ(list({&second}, "name holds!", false).find('\033'), std::string::npos);
}

TEST(NumbersTest, FewDaysLeftStandFirst) {
  const auto soon = parsed<tickets::v1::Ticket>("name: 'soon' version: 5");
  const auto later = parsed<tickets::v1::Ticket>("name: 'later' version: 40");
  const auto passed = parsed<tickets::v1::Ticket>("name: 'passed' version: -2");
  EXPECT_EQ(list({&later, &soon, &passed}, "name days=version!", true),
            "\033[1mname    days\n\033[0m"
            "passed  \033[31m-2\033[0m\n"
            "soon    \033[33m5\033[0m\n"
            "later   40\n");
}

TEST(TableTest, DataCannotPaintTheTerminal) {
  const auto ticket = parsed<tickets::v1::Ticket>("name: 'a\\033[31mb'");
  EXPECT_EQ(list({&ticket}, "name"), "name\na [31mb\n");
}

TEST(ElementsTest, AListIsAnAnswerOfOneRepeatedMessage) {
  EXPECT_TRUE(elements_of(*operations::v1::ListDeadLettersResponse::descriptor()));
  EXPECT_FALSE(elements_of(*accounts::v1::AccountDescription::descriptor()));
  EXPECT_FALSE(elements_of(*tickets::v1::Ticket::descriptor()));
}

}  // namespace
}  // namespace holdfast::command_line
