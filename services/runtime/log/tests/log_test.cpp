#include "runtime/log/log.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <limits>
#include <nlohmann/json.hpp>
#include <thread>

#include "runtime/log/line.h"

namespace holdfast::log {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

// Where lines go for one test: the end of it gives the default back.
class Pipe {
 public:
  explicit Pipe(Options options) {
    EXPECT_EQ(pipe(ends_), 0);
    options.descriptor = ends_[1];
    start(options);
  }
  ~Pipe() {
    start({});
    close(ends_[0]);
    close(ends_[1]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  // What is in the pipe now.
  std::string read_all() const {
    std::string text(1 << 20, '\0');
    fcntl(ends_[0], F_SETFL, O_NONBLOCK);
    size_t size = 0;
    for (ssize_t got = 0; (got = read(ends_[0], text.data() + size, text.size() - size)) > 0;) {
      size += static_cast<size_t>(got);
    }
    text.resize(size);
    return text;
  }

 private:
  int ends_[2];
};

json only_line(const Capture& capture) {
  const auto lines = capture.lines();
  EXPECT_EQ(lines.size(), 1);
  return json::parse(lines.at(0));
}

TEST(Log, WritesFieldsOfEveryKindAsOneJsonObject) {
  const Capture capture;
  info("ticket opened", {{"ticket_id", std::string("t-1")},
                         {"severity", 2},
                         {"bytes", size_t{7}},
                         {"share", 0.5},
                         {"key_account", true},
                         {"least", std::numeric_limits<std::int64_t>::min()},
                         {"unknown", std::numeric_limits<double>::quiet_NaN()}});
  const json line = only_line(capture);
  EXPECT_EQ(line["level"], "info");
  EXPECT_EQ(line["message"], "ticket opened");
  EXPECT_EQ(line["ticket_id"], "t-1");
  EXPECT_EQ(line["severity"], 2);
  EXPECT_EQ(line["bytes"], 7);
  EXPECT_EQ(line["share"], 0.5);
  EXPECT_EQ(line["key_account"], true);
  EXPECT_EQ(line["least"], std::numeric_limits<std::int64_t>::min());
  EXPECT_TRUE(line["unknown"].is_null());
  EXPECT_TRUE(parse_instant(line["time"].get<std::string>())) << line["time"];
}

TEST(Log, SaysWhoseCallItIs) {
  Call call = service_call(AgencyId{new_uuid()}, "relay", 1s);
  call.request_id = "r-1";
  call.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const Capture capture;
  {
    const Scope service("tickets");
    const Scope scope(call);
    info("inside");
    // Another thread serves somebody else.
    std::jthread([] { info("elsewhere"); }).join();
  }
  info("outside");
  const auto lines = capture.lines();
  const json inside = json::parse(lines.at(0));
  EXPECT_EQ(inside["service"], "tickets");
  EXPECT_EQ(inside["request_id"], "r-1");
  EXPECT_EQ(inside["agency_id"], to_string(call.who.agency));
  EXPECT_EQ(inside["trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736");
  for (const size_t other : {1, 2}) {
    EXPECT_FALSE(json::parse(lines.at(other)).contains("service"));
    EXPECT_FALSE(json::parse(lines.at(other)).contains("request_id"));
  }
}

TEST(Log, EscapesWhateverItIsGiven) {
  const std::string legal =
      "quote \" slash \\ newline \n escape \x1b[31m delete \x7f C1 \xc2\x9b é nul " + std::string(1, '\0');
  const Capture capture;
  info("line\none", {{"name \" of a field", legal + " illegal \xff\xc3 end"}});
  const std::string raw = capture.lines().at(0);
  for (const char character : raw) EXPECT_TRUE(static_cast<unsigned char>(character) >= 0x20 && character != 0x7f);
  EXPECT_THAT(raw, Not(HasSubstr("\xc2\x9b")));
  const json line = json::parse(raw);
  EXPECT_EQ(line["message"], "line\none");
  EXPECT_EQ(line["name \" of a field"], legal + " illegal \uFFFD\uFFFD end");
}

TEST(Log, KeepsItsOwnNamesToItself) {
  const Capture capture;
  info("original", {{"message", "other"}, {"level", 3}});
  const json line = only_line(capture);
  EXPECT_EQ(line["message"], "original");
  EXPECT_EQ(line["message_"], "other");
  EXPECT_EQ(line["level_"], 3);
}

TEST(Log, MasksWhatIsNamedLikeASecret) {
  const Capture capture;
  info("signed in", {{"password", "hunter2"},
                     {"api_key_id", "hunter2"},
                     {"authorization", "hunter2"},
                     {"voicemail_pin", "hunter2"},
                     {"refresh_token", "hunter2"},
                     {"shipping", "by sea"}});
  EXPECT_FALSE(capture.contains("hunter2"));
  EXPECT_EQ(only_line(capture)["password"], "***");
  EXPECT_EQ(only_line(capture)["shipping"], "by sea");
}

TEST(Log, LeavesOutWhatDoesNotFitAndSaysSo) {
  const std::string long_text(100'000, 'x');
  const std::string all_escapes(1024, '\x01');
  const Capture capture;
  info(long_text, {{"cut", long_text}, {"left_out", all_escapes}, {"small", 1}});
  const std::string raw = capture.lines().at(0);
  EXPECT_LT(raw.size(), longest_line_bytes);
  const json line = json::parse(raw);
  EXPECT_EQ(line["cut"].get<std::string>().size(), longest_value_bytes);
  EXPECT_FALSE(line.contains("left_out"));
  EXPECT_EQ(line["small"], 1);
  EXPECT_EQ(line["truncated"], true);
}

TEST(Log, ObeysItsLevel) {
  EXPECT_EQ(level_from("warn"), Level::warn);
  EXPECT_EQ(level_from("WARN"), std::nullopt);
  const Pipe pipe({.level = Level::warn, .format = Format::json, .service = "tickets"});
  info("quiet");
  warn("loud");
  const std::string text = pipe.read_all();
  EXPECT_THAT(text, Not(HasSubstr("quiet")));
  EXPECT_EQ(json::parse(text)["message"], "loud");
  EXPECT_EQ(json::parse(text)["service"], "tickets");
  EXPECT_THAT(text, EndsWith("}\n"));
}

TEST(Log, ReadsAsTextWhereAPersonReads) {
  const Pipe pipe({.format = Format::text});
  warn("no\tcarrier",
       {{"ticket_id", "t-1"}, {"reason", "no dial tone"}, {"empty", ""}, {"forged", "a=b"}, {"steer", "\x1b[2J"}});
  EXPECT_THAT(
      pipe.read_all(),
      EndsWith(
          " W no\\tcarrier ticket_id=t-1 reason=\"no dial tone\" empty=\"\" forged=\"a=b\" steer=\"\\u001b[2J\"\n"));
}

TEST(Log, LosesNoLineWhenTheProcessIsKilled) {
  const Pipe pipe({.format = Format::json});
  const pid_t child = fork();
  if (child == 0) {
    for (int line = 0; line < 100; ++line) info("line", {{"number", line}});
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(std::ranges::count(pipe.read_all(), '\n'), 100);
}

TEST(Log, DropsAndCountsLinesThatNobodyReads) {
  const Pipe pipe({.format = Format::json});
  const std::string text(1000, 'x');
  constexpr int written = 200;  // three times what a pipe holds: without the limit this never returns
  for (int line = 0; line < written; ++line) info("line", {{"text", text}});
  const auto before = std::ranges::count(pipe.read_all(), '\n');
  EXPECT_LT(before, written);
  info("read again");
  const std::string after = pipe.read_all();
  const json dropped = json::parse(after.substr(0, after.find('\n')));
  EXPECT_EQ(dropped["lines"], written - before);
  EXPECT_THAT(after, HasSubstr("read again"));
}

TEST(Log, KeepsLinesOfManyThreadsWhole) {
  const Capture capture;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([thread] {
        for (int line = 0; line < 250; ++line) info("line", {{"thread", thread}});
      });
    }
  }
  const auto lines = capture.lines();
  EXPECT_EQ(lines.size(), 1000);
  for (const auto& line : lines) EXPECT_TRUE(json::accept(line)) << line;
}

TEST(Repeated, AdmitsOneAPeriodAndCountsTheRest) {
  const std::chrono::steady_clock::time_point start(1h);
  Repeated broker_down(10s);
  EXPECT_EQ(broker_down.admit(start), 0);
  EXPECT_EQ(broker_down.admit(start + 1s), std::nullopt);
  EXPECT_EQ(broker_down.admit(start + 9999ms), std::nullopt);
  EXPECT_EQ(broker_down.admit(start + 10s), 2);
  EXPECT_EQ(broker_down.admit(start + 11s), std::nullopt);
  EXPECT_EQ(broker_down.admit(start + 1h), 1);
}

TEST(Repeated, WritesTheCountOfThoseHeldBack) {
  const Capture capture;
  Repeated hourly(1h);
  for (int time = 0; time < 5; ++time) hourly.warn("broker down", {{"broker", "b-1"}});
  EXPECT_EQ(only_line(capture)["broker"], "b-1");
  EXPECT_FALSE(only_line(capture).contains("suppressed"));

  const auto long_ago = std::chrono::steady_clock::now() - 1min;
  Repeated brief(10s);
  EXPECT_EQ(brief.admit(long_ago), 0);
  EXPECT_EQ(brief.admit(long_ago), std::nullopt);
  brief.error("broker down", {{"broker", "b-2"}});
  const json second = json::parse(capture.lines().at(1));
  EXPECT_EQ(second["level"], "error");
  EXPECT_EQ(second["broker"], "b-2");
  EXPECT_EQ(second["suppressed"], 1);
}

}  // namespace
}  // namespace holdfast::log
