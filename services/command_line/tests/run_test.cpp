#include "command_line/run.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "command_line/answer.h"
#include "command_line/names.h"
#include "command_line/session.h"
#include "runtime/core/uuid.h"

namespace holdfast::command_line {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using ::testing::HasSubstr;

struct RunTest : ::testing::Test {
  Exit run(std::vector<std::string> arguments) {
    return command_line::run(arguments, {.out = out, .err = err, .environment = {{"HOLDFAST_STATE", "/nonexistent"}}});
  }
  std::ostringstream out, err;
};

const FieldDescriptor* find(const Descriptor& type, const std::string& path) {
  const auto dot = path.find('.');
  const auto* field = type.FindFieldByName(path.substr(0, dot));
  if (!field || dot == std::string::npos) return field;
  return field->message_type() ? find(*field->message_type(), path.substr(dot + 1)) : nullptr;
}

TEST(RowsTest, EveryRowFitsItsMethod) {
  for (const auto& row : rows()) {
    SCOPED_TRACE(row.path);
    const auto* method = find_method(row.method);
    ASSERT_TRUE(method);
    for (const auto& field : split(row.by_place)) EXPECT_TRUE(method->input_type()->FindFieldByName(field)) << field;
    const auto* elements = elements_of(*method->output_type());
    EXPECT_EQ(elements == nullptr, row.columns.empty()) << "a list has columns, and nothing else has";
    EXPECT_EQ(elements == nullptr, row.when_none.empty());
    for (auto column : split(row.columns)) {
      if (column.ends_with('!')) column.pop_back();
      EXPECT_TRUE(elements && find(*elements->message_type(), column.substr(column.find('=') + 1))) << column;
    }
  }
}

TEST(RowsTest, NoVerbStandsTwice) {
  std::set<std::string> paths;
  for (const auto& verb : verbs()) EXPECT_TRUE(paths.insert(verb.path).second) << verb.path;
}

TEST_F(RunTest, HelpIsNoFailure) {
  EXPECT_EQ(run({"--help"}), Exit::done);
  EXPECT_THAT(out.str(), HasSubstr("tickets"));
}

// Of whatever may be given: what stands for its value is not what it means.
TEST(FlagsTest, HelpDescribesEveryFlag) {
  for (const auto& verb : verbs()) {
    for (const auto& flag : verb.flags) {
      SCOPED_TRACE(verb.path + " --" + flag.name);
      EXPECT_GE(flag.help.size(), 5u);
      EXPECT_THAT(flag.help, ::testing::Not(::testing::ContainsRegex("[a-z]_[a-z]"))) << "a flag has no such name";
      EXPECT_EQ(!flag.takes_value, flag.value.empty() && flag.words.empty());
    }
  }
}

TEST_F(RunTest, HelpNamesTheFormOfAValueAndThenWhatItMeans) {
  EXPECT_EQ(run({"tickets", "open", "--help"}), Exit::done);
  EXPECT_THAT(out.str(), ::testing::ContainsRegex("--location-id ID +the site that is affected"));
  EXPECT_THAT(out.str(), HasSubstr("--priority p1|p2|p3|p4 "));
}

TEST_F(RunTest, WrongUsageIsTwo) {
  EXPECT_EQ(run({}), Exit::usage);
  EXPECT_EQ(run({"tickets"}), Exit::usage);
  EXPECT_EQ(run({"tickets", "show"}), Exit::usage);
  EXPECT_EQ(run({"tickets", "show", "t1", "--no-such-flag"}), Exit::usage);
  EXPECT_EQ(run({"tickets", "open", "a1", "down", "--priority", "p9"}), Exit::usage);
  EXPECT_EQ(run({"clock", "advance", "soon"}), Exit::usage);
  EXPECT_EQ(run({"events", "tail", "--topic", "holdfast.renewal"}), Exit::usage);
  EXPECT_EQ(run({"events", "tail", "--name", "ticket-lost"}), Exit::usage);
  EXPECT_EQ(run({"events", "tail", "--account-id", "Harborview"}), Exit::usage);
  EXPECT_EQ(out.str(), "");
}

TEST_F(RunTest, ACertificateNeedsItsKeyAndWhoSignsTheServers) {
  const auto call = [&](std::vector<std::string> flags) {
    flags.insert(flags.begin(), {"tickets", "list", "--server", "127.0.0.1:1", "--json"});

    err.str("");
    EXPECT_EQ(command_line::run(flags, {.out = out, .err = err, .environment = {{"HOLDFAST_KEY", "k"}}}),
              Exit::refused);
    return err.str();
  };
  EXPECT_THAT(call({"--authorities", "a.pem", "--certificate", "c.pem"}), HasSubstr("come together"));
  EXPECT_THAT(call({"--certificate", "c.pem", "--private-key", "k.pem"}), HasSubstr("who signs the server's"));
}

TEST_F(RunTest, GeneralFlagsStandAnywhere) {
  EXPECT_EQ(run({"tickets", "show", "t1", "--json"}), Exit::unreachable);
  EXPECT_THAT(err.str(), HasSubstr(R"("reason":"NOTHING_RUNNING")"));
}

TEST_F(RunTest, CompletionIsUnderstoodByBash) {
  ASSERT_EQ(run({"completion", "bash"}), Exit::done);
  const auto script = std::filesystem::temp_directory_path() / ("completion-" + to_string(new_uuid()));
  std::ofstream(script) << out.str() << "COMP_WORDS=(holdfast tickets o); COMP_CWORD=2; _holdfast; "
                        << "[[ ${COMPREPLY[*]} = open ]] || exit 1\n"
                        << "COMP_WORDS=(holdfast tickets open --prio); COMP_CWORD=3; _holdfast; "
                        << "[[ ${COMPREPLY[*]} = --priority ]] || exit 2\n";
  EXPECT_EQ(std::system(("bash " + script.string()).c_str()), 0);
  std::filesystem::remove(script);
}

}  // namespace
}  // namespace holdfast::command_line
