#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "all/tests/running_process.h"
#include "command_line/run.h"

namespace holdfast {
namespace {

using command_line::Exit;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// The program against a real server: one process for all tests.
struct CommandLineTest : ::testing::Test {
  static void SetUpTestSuite() { running = std::make_unique<testing::RunningProcess>(); }
  static void TearDownTestSuite() { running.reset(); }

  Exit run(std::vector<std::string> arguments) {
    out.str("");
    err.str("");
    return command_line::run(arguments, {.out = out, .err = err, .environment = environment});
  }
  // An account whose events have come here.
  void know_account() {
    running->database().run("INSERT INTO accounts (agency_id, id, name, status, owner_id, version) VALUES ('" +
                            to_string(agency) + "', '" + account + "', 'Acme', 'active', '" + to_string(new_uuid()) +
                            "', 1)");
  }
  // The value of a text field in the JSON that was printed.
  std::string printed(const std::string& field) {
    const auto text = out.str();
    const auto begin = text.find("\"" + field + "\":\"") + field.size() + 4;
    return text.substr(begin, text.find('"', begin) - begin);
  }

  static inline std::unique_ptr<testing::RunningProcess> running;
  AgencyId agency{new_uuid()};
  std::string account = to_string(new_uuid());
  std::map<std::string, std::string> environment{{"HOLDFAST_STATE", running->state().string()},
                                                 {"HOLDFAST_KEY", running->token(agency)}};
  std::ostringstream out, err;
};

TEST_F(CommandLineTest, OpensATicketAndShowsIt) {
  know_account();
  ASSERT_EQ(run({"tickets", "open", account, "Circuit down", "--priority", "p1", "--json"}), Exit::done) << err.str();
  EXPECT_THAT(out.str(), HasSubstr(R"("accountId":")" + account));
  EXPECT_THAT(out.str(), HasSubstr(R"("priority":"PRIORITY_P1")"));
  EXPECT_THAT(out.str(), HasSubstr(R"("contactId":"")")) << "zero values are printed";
  ASSERT_EQ(run({"tickets", "show", printed("id")}), Exit::done) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("name        Circuit down\n"));
  EXPECT_THAT(out.str(), HasSubstr("opened at   Mon 05 Jan 2026 09:0"));
}

TEST_F(CommandLineTest, ListsAndWhatATicketWasAndWhatWasPromised) {
  know_account();
  ASSERT_EQ(run({"tickets", "list", "--account-id", account}), Exit::done) << err.str();
  EXPECT_THAT(out.str(), StartsWith("No such tickets."));
  ASSERT_EQ(run({"tickets", "open", account, "Circuit down", "--priority", "p1", "--json"}), Exit::done) << err.str();
  const auto ticket = printed("id");
  ASSERT_EQ(run({"tickets", "cancel", ticket}), Exit::done) << err.str();
  ASSERT_EQ(run({"tickets", "list", "--account-id", account}), Exit::done) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("p1        cancelled  Mon 05 Jan 2026"));
  ASSERT_EQ(run({"tickets", "list", "--account-id", account, "--open", "--json"}), Exit::done) << err.str();
  EXPECT_EQ(out.str(), "");
  ASSERT_EQ(run({"tickets", "history", ticket, "--json"}), Exit::done) << err.str();
  EXPECT_THAT(out.str(), HasSubstr(R"("status":"TICKET_STATUS_CANCELLED")"));
  EXPECT_THAT(out.str(), HasSubstr(R"("changedBy":"test")"));
  ASSERT_EQ(run({"tickets", "promises", ticket}), Exit::done) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("acknowledge  0       cancelled"));
}

// Every case of the file, with every expectation in it.
TEST_F(CommandLineTest, SlaClocksArePreviewedForAFileOfCases) {
  const std::string path = HOLDFAST_TEST_DATA "/cases/sla.json";
  ASSERT_EQ(run({"tickets", "preview-sla", path}), Exit::done) << err.str();
  std::istringstream lines(out.str());
  std::ifstream file(path);
  const auto cases = nlohmann::json::parse(file);
  ASSERT_EQ(cases.size(), 40u);
  for (auto expected : cases) {
    std::string line;
    ASSERT_TRUE(std::getline(lines, line));
    expected["expect"]["id"] = expected["id"];
    EXPECT_EQ(nlohmann::json::parse(line), expected["expect"]);
  }
}

TEST_F(CommandLineTest, AFileOfCasesThatIsNoneIsRefused) {
  EXPECT_EQ(run({"tickets", "preview-sla", "/nonexistent"}), Exit::refused);
  EXPECT_THAT(err.str(), HasSubstr("FILE_UNKNOWN"));
  EXPECT_EQ(run({"tickets", "preview-sla", HOLDFAST_TEST_DATA "/cases/notice.csv"}), Exit::refused);
  EXPECT_THAT(err.str(), HasSubstr("FILE_DAMAGED"));
}

TEST_F(CommandLineTest, ARefusalSaysWhatWhereWhyAndWhatNext) {
  EXPECT_EQ(run({"tickets", "show", "17"}), Exit::refused);
  EXPECT_THAT(err.str(), StartsWith("holdfast: "));
  EXPECT_THAT(err.str(), HasSubstr("  field   id: "));
  EXPECT_THAT(err.str(), HasSubstr("  reason  ID_INVALID\n"));
  EXPECT_THAT(err.str(), HasSubstr("  remedy  Give a UUID such as"));
  EXPECT_EQ(out.str(), "");
  EXPECT_EQ(run({"tickets", "show", to_string(new_uuid()), "--json"}), Exit::refused);
  EXPECT_THAT(err.str(), HasSubstr(R"("reason":"TICKET_NOT_FOUND")"));
}

TEST_F(CommandLineTest, WithoutAServerNothingIsReached) {
  EXPECT_EQ(run({"tickets", "show", to_string(new_uuid()), "--server", "127.0.0.1:1"}), Exit::unreachable);
  environment["HOLDFAST_STATE"] = "/nonexistent";
  EXPECT_EQ(run({"tickets", "show", to_string(new_uuid())}), Exit::unreachable);
  EXPECT_THAT(err.str(), HasSubstr("NOTHING_RUNNING"));
}

TEST_F(CommandLineTest, WithoutAKeyNobodyIsAsked) {
  environment.erase("HOLDFAST_KEY");
  EXPECT_EQ(run({"tickets", "show", to_string(new_uuid())}), Exit::refused);
  EXPECT_THAT(err.str(), HasSubstr("KEY_MISSING"));
}

TEST_F(CommandLineTest, EventsAreReadFromKafka) {
  know_account();
  ASSERT_EQ(run({"tickets", "open", account, "No dial tone", "--priority", "p2"}), Exit::done) << err.str();
  do {  // the relay brings it to Kafka
    ASSERT_EQ(run({"events", "tail", "--topic", "holdfast.tickets", "--from-beginning"}), Exit::done) << err.str();
  } while (out.str().find(account) == std::string::npos);
  EXPECT_THAT(out.str(), HasSubstr(R"("type":"holdfast.ticket-opened.v1")"));
  EXPECT_THAT(out.str(), HasSubstr(R"("name":"No dial tone")"));
}

}  // namespace
}  // namespace holdfast
