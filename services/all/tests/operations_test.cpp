#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "all/tests/running_process.h"
#include "command_line/run.h"
#include "holdfast/accounts/v1/events.pb.h"

namespace holdfast {
namespace {

using command_line::Exit;
using ::testing::HasSubstr;
using ::testing::Not;

// What those who run a process ask it, by the program they ask it with.
struct OperationsTest : ::testing::Test {
  static void SetUpTestSuite() { running = std::make_unique<testing::RunningProcess>(); }
  static void TearDownTestSuite() { running.reset(); }

  Exit run(std::vector<std::string> arguments) {
    out.str("");
    err.str("");
    return command_line::run(arguments, {.out = out, .err = err, .environment = environment});
  }
  // A dead letter that its handler will take by now.
  void die(AgencyId agency, const std::string& event) {
    accounts::v1::AccountCreated created;
    created.mutable_account()->set_id(to_string(new_uuid()));
    created.mutable_account()->set_owner_id(to_string(new_uuid()));
    created.mutable_account()->set_name("Acme");
    created.mutable_account()->set_status(accounts::v1::ACCOUNT_STATUS_ACTIVE);
    created.mutable_account()->set_tier(accounts::v1::TIER_STANDARD);
    created.mutable_account()->set_version(1);
    std::string bytes;
    for (const unsigned char byte : created.SerializeAsString()) bytes += fmt::format("{:02x}", byte);
    running->database().run(
        fmt::format("INSERT INTO runtime.dead_letters VALUES ('tickets.keep_account', '{}', '{}', 'holdfast.accounts', "
                    "'k', 'holdfast.account-created.v1', 1, now(), '\\x{}', 'FIELD_INVALID', 'was mended')",
                    event, to_string(agency), bytes));
  }

  static inline std::unique_ptr<testing::RunningProcess> running;
  std::map<std::string, std::string> environment{{"HOLDFAST_STATE", running->state().string()}};
  std::ostringstream out, err;
};

TEST_F(OperationsTest, TheClockIsMovedAndWorkIsWaitedFor) {
  const AgencyId agency{new_uuid()};
  environment["HOLDFAST_KEY"] = running->token(agency);
  const auto account = to_string(new_uuid());
  running->database().run("INSERT INTO accounts (agency_id, id, name, status, owner_id, version) VALUES ('" +
                          to_string(agency) + "', '" + account + "', 'Acme', 'active', '" + to_string(new_uuid()) +
                          "', 1)");
  ASSERT_EQ(run({"tickets", "open", account, "Down", "--priority", "p1"}), Exit::done) << err.str();
  ASSERT_EQ(run({"clock", "advance", "30d", "--json"}), Exit::done) << err.str();
  EXPECT_THAT(out.str(), HasSubstr(R"("businessNow":"2026-02-04T09:)"));
  EXPECT_THAT(out.str(), HasSubstr(R"("movable":true)"));
  ASSERT_EQ(run({"clock", "show", "--json"}), Exit::done) << err.str();
  EXPECT_THAT(out.str(), HasSubstr(R"("businessNow":"2026-02-04T09:)"));
  ASSERT_EQ(run({"events", "tail", "--topic", "holdfast.tickets", "--from-beginning"}), Exit::done) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("holdfast.sla-breached.v1"));
}

TEST_F(OperationsTest, WhatHoldsAndWhatDoesNotIsPrinted) {
  ASSERT_EQ(run({"verify"}), Exit::done) << out.str();
  for (const auto* name : {"outbox-drained-in-order", "business-timers-fired", "promises-timed"}) {
    EXPECT_THAT(out.str(), HasSubstr(name));
  }
  const auto agency = to_string(new_uuid());
  running->database().run(
      "INSERT INTO tickets (agency_id, id, account_id, name, description, priority, status, "
      "owner_id, opened_at, version) VALUES ('" +
      agency +
      "', gen_random_uuid(), "
      "gen_random_uuid(), 'n', '', 'p1', 'closed', gen_random_uuid(), now(), 1)");
  EXPECT_EQ(run({"verify", "--json"}), Exit::refused);
  EXPECT_THAT(out.str(), HasSubstr(R"("name":"copies-consistent","holds":false)"));
  EXPECT_THAT(out.str(), Not(HasSubstr(agency)));
  running->database().run("DELETE FROM tickets WHERE agency_id = '" + agency + "'");
  EXPECT_EQ(run({"verify", "--service", "tickets"}), Exit::done) << out.str();
}

TEST_F(OperationsTest, DeadLettersAreListedAndRedrivenByThoseWhoseTheyAre) {
  const AgencyId ours{new_uuid()};
  const auto event = to_string(new_uuid()), other = to_string(new_uuid());
  die(ours, event);
  die(AgencyId{new_uuid()}, other);
  ASSERT_EQ(run({"dlq", "list", "--json"}), Exit::done) << err.str();
  EXPECT_THAT(out.str(), HasSubstr(event));
  EXPECT_THAT(out.str(), HasSubstr(other));

  // Who cannot read the installation's own key asks with an agency's.
  environment = {{"HOLDFAST_KEY", running->token(ours)}};
  const std::vector<std::string> server{"--server", running->address()};
  const auto ask = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), server.begin(), server.end());
    return run(arguments);
  };
  ASSERT_EQ(ask({"dlq", "list", "--json"}), Exit::done) << err.str();
  EXPECT_THAT(out.str(), HasSubstr(event));
  EXPECT_THAT(out.str(), Not(HasSubstr(other)));
  EXPECT_EQ(ask({"dlq", "redrive", "tickets", "tickets.keep_account", other}), Exit::refused);
  EXPECT_THAT(err.str(), HasSubstr("DEAD_LETTER_NOT_FOUND"));
  EXPECT_EQ(ask({"dlq", "redrive", "elsewhere", "tickets.keep_account", event}), Exit::refused);
  EXPECT_EQ(ask({"dlq", "redrive", "tickets", "tickets.keep_account", "17"}), Exit::refused);
  EXPECT_EQ(ask({"dlq", "redrive", "tickets", "tickets.keep_account", event}), Exit::done) << err.str();
  EXPECT_EQ(ask({"dlq", "list"}), Exit::done);
  EXPECT_THAT(out.str(), HasSubstr("No dead letters"));
}

TEST_F(OperationsTest, AllDeadLettersOfAHandlerAndTopicAreRedrivenByOneCommand) {
  running->database().run("DELETE FROM runtime.dead_letters");  // of other tests
  const AgencyId ours{new_uuid()};
  for (int count = 0; count < 3; ++count) die(ours, to_string(new_uuid()));
  const std::vector<std::string> redrive{"dlq", "redrive-all", "tickets", "tickets.keep_account"};
  const auto of = [&](const char* topic) {
    auto arguments = redrive;
    arguments.emplace_back(topic);
    arguments.emplace_back("--json");
    return run(arguments);
  };
  EXPECT_EQ(of("holdfast.tickets"), Exit::refused);
  EXPECT_THAT(err.str(), HasSubstr("DEAD_LETTER_NOT_FOUND"));
  EXPECT_EQ(of("holdfast.accounts"), Exit::done) << err.str();
  EXPECT_THAT(out.str(), HasSubstr(R"("complete":true)"));
  EXPECT_THAT(out.str(), HasSubstr(R"("redriven":"3")"));

  const auto event = to_string(new_uuid());
  die(ours, event);
  running->database().run("UPDATE runtime.dead_letters SET payload = '\\x' WHERE event_id = '" + event + "'");
  EXPECT_EQ(of("holdfast.accounts"), Exit::refused) << "what stays is not done";
  EXPECT_THAT(out.str(), HasSubstr(R"("refused":"1")"));
  running->database().run("DELETE FROM runtime.dead_letters WHERE event_id = '" + event + "'");
}

}  // namespace
}  // namespace holdfast
