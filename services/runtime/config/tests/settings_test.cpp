#include "runtime/config/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "runtime/config/pages.h"

namespace holdfast::config {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

struct DatabaseSettings {
  Section section;
  Setting<Secret> url{section, "url", Secret("postgres://default"), "Connection string of PostgreSQL."};
  Setting<int> pool_size{section, "pool_size", 16, {1, 200}, "Connections kept open."};
  Setting<std::chrono::milliseconds> connect_timeout_ms{
      section, "connect_timeout_ms", 2s, {10ms, 60s}, "How long a connection may take."};
  Setting<bool> verify{section, "verify", true, "Check the server's certificate."};
  Setting<double> jitter{section, "jitter", 0.5, {0, 1}, "Share of a pause that is random."};
  Setting<std::filesystem::path> certificate{section, "certificate", "", "The server's certificate | PEM."};
  Setting<std::string> mode{section, "mode", "prefer", {"prefer", "require"}, "Whether TLS is used."};
};

struct TokenSettings {
  Section section;
  Setting<std::string> issuer{section, "issuer", required, "Who issues tokens."};
  Setting<Secret> key{section, "key", required, "Signs tokens."};
};

// A file that is gone when the test is.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text)
      : path_(::testing::TempDir() + "settings_test_" + std::to_string(getpid()) + "_" + std::to_string(count_++)) {
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  static inline int count_ = 0;
  std::string path_;
};

struct Loaded {
  Settings settings;
  DatabaseSettings tickets{settings.section("tickets.db")};
  DatabaseSettings accounts{settings.section("accounts.db")};
  Result<Settings::Request> request;

  explicit Loaded(std::vector<std::string> arguments, Environment environment = {})
      : request(settings.load(arguments, environment)) {}

  std::string problem() const { return request ? "" : request.error().message; }
};

TEST(Settings, KeepTheirDefaultsWhenNothingIsGiven) {
  const Loaded loaded({});
  ASSERT_TRUE(loaded.request) << loaded.problem();
  EXPECT_EQ(*loaded.request, Settings::Request::run);
  EXPECT_EQ(*loaded.tickets.pool_size, 16);
  EXPECT_EQ(*loaded.tickets.connect_timeout_ms, 2000ms);
  EXPECT_TRUE(*loaded.tickets.verify);
  EXPECT_EQ(*loaded.tickets.jitter, 0.5);
  EXPECT_EQ(*loaded.tickets.mode, "prefer");
  EXPECT_EQ(loaded.tickets.url->reveal(), "postgres://default");
}

TEST(Settings, AreReadAsTheirTypeFromFlags) {
  const Loaded loaded({"--tickets.db.pool_size=7", "--tickets.db.connect_timeout_ms", "250",
                       "--tickets.db.verify=false", "--accounts.db.verify", "--tickets.db.jitter=0.25",
                       "--tickets.db.certificate=/etc/ca.pem", "--tickets.db.mode=require"});
  ASSERT_TRUE(loaded.request) << loaded.problem();
  EXPECT_EQ(*loaded.tickets.pool_size, 7);
  EXPECT_EQ(*loaded.accounts.pool_size, 16);
  EXPECT_EQ(*loaded.tickets.connect_timeout_ms, 250ms);
  EXPECT_FALSE(*loaded.tickets.verify);
  EXPECT_TRUE(*loaded.accounts.verify);
  EXPECT_EQ(*loaded.tickets.jitter, 0.25);
  EXPECT_EQ(*loaded.tickets.certificate, "/etc/ca.pem");
  EXPECT_EQ(*loaded.tickets.mode, "require");
}

TEST(Settings, TakeFlagBeforeEnvironmentBeforeFileBeforeDefault) {
  const TemporaryFile file(R"({"tickets": {"db": {"pool_size": 2}}})");
  const std::string config = "--config=" + file.path();
  const std::string variable = "HOLDFAST_TICKETS_DB_POOL_SIZE";
  struct Case {
    std::vector<std::string> arguments;
    Environment environment;
    int value;
    std::string source;
  };
  const Case cases[] = {
      {{config, "--tickets.db.pool_size=4"}, {{variable, "3"}}, 4, "flag --tickets.db.pool_size"},
      {{config}, {{variable, "3"}}, 3, "environment " + variable},
      {{config}, {}, 2, "file " + file.path()},
      {{}, {{"HOLDFAST_CONFIG", file.path()}}, 2, "file " + file.path()},
      {{}, {}, 16, "default"},
  };
  for (const auto& one : cases) {
    const Loaded loaded(one.arguments, one.environment);
    ASSERT_TRUE(loaded.request) << loaded.problem();
    EXPECT_EQ(*loaded.tickets.pool_size, one.value);
    EXPECT_EQ(loaded.settings.rows()[1].source, one.source);
  }
}

TEST(Settings, ComeFromTheFileThatAVariableNames) {
  const TemporaryFile file("postgres://secret\n");
  const Loaded loaded({}, {{"HOLDFAST_TICKETS_DB_URL_FILE", file.path()}});
  ASSERT_TRUE(loaded.request) << loaded.problem();
  EXPECT_EQ(loaded.tickets.url->reveal(), "postgres://secret");
  EXPECT_EQ(loaded.settings.rows()[0].source, "file " + file.path() + " (environment HOLDFAST_TICKETS_DB_URL_FILE)");
}

struct Refusal {
  std::vector<std::string> arguments;
  Environment environment;
  std::string problem;
};

void expect_refusals(const std::vector<Refusal>& refusals) {
  for (const auto& one : refusals) {
    const Loaded loaded(one.arguments, one.environment);
    ASSERT_FALSE(loaded.request) << one.problem;
    EXPECT_EQ(loaded.request.error().reason, Reason::setting_invalid);
    EXPECT_THAT(loaded.problem(), HasSubstr(one.problem));
    EXPECT_THAT(loaded.problem(), Not(HasSubstr("hunter2")));
  }
}

const std::string is_not_pool = "must be a whole number from 1 to 200";

TEST(Settings, AreRefusedWithNameValueBoundsAndSource) {
  expect_refusals({
      {{"--tickets.db.pool_size=201"},
       {},
       "setting 'tickets.db.pool_size' = '201' (flag --tickets.db.pool_size): " + is_not_pool},
      {{"--tickets.db.pool_size=0"}, {}, is_not_pool},
      {{"--tickets.db.pool_size="}, {}, is_not_pool},
      {{"--tickets.db.pool_size=7x"}, {}, is_not_pool},
      {{"--tickets.db.pool_size= 7"}, {}, is_not_pool},
      {{"--tickets.db.pool_size=99999999999"}, {}, is_not_pool},
      {{},
       {{"HOLDFAST_TICKETS_DB_POOL_SIZE", "x"}},
       "= 'x' (environment HOLDFAST_TICKETS_DB_POOL_SIZE): " + is_not_pool},
      {{"--tickets.db.connect_timeout_ms=9"}, {}, "must be a whole number of milliseconds from 10 to 60000"},
      {{"--tickets.db.connect_timeout_ms=2s"}, {}, "must be a whole number of milliseconds from 10 to 60000"},
      {{"--tickets.db.verify=yes"}, {}, "must be true or false"},
      {{"--tickets.db.jitter=nan"}, {}, "must be a number from 0 to 1"},
      {{"--tickets.db.mode=never"}, {}, "must be one of prefer, require"},
      {{"--tickets.db.certificate=" + std::string(16385, 'x')}, {}, "must be a path of at most 16384 bytes"},
      {{"--tickets.db.pool=1"}, {}, "flag --tickets.db.pool is not known"},
      {{"--tickets.db.pool_size"}, {}, "flag --tickets.db.pool_size needs a value"},
      {{"--tickets.db.pool_size=1", "--tickets.db.pool_size=2"}, {}, "flag --tickets.db.pool_size is given twice"},
      {{"-v"}, {}, "argument '-v' is no flag"},
      {{"serve"}, {}, "argument 'serve' is no flag"},
      {{"--"}, {}, "argument '--' is no flag"},
      {{"--tickets.db.url=postgres://hunter2"}, {}, "is a secret: give HOLDFAST_TICKETS_DB_URL or"},
  });
}

TEST(Settings, AreRefusedFromFilesThatSayNoSuchThing) {
  const TemporaryFile duplicate(R"({"tickets": {"db": {"pool_size": 1, "pool_size": 2}}})");
  const TemporaryFile two_spellings(R"({"tickets": {"db": {"pool_size": 1}}, "tickets.db.pool_size": 2})");
  const TemporaryFile list(R"({"tickets": {"db": {"pool_size": [1]}}})");
  const TemporaryFile fraction(R"({"tickets": {"db": {"pool_size": 1.5}}})");
  const TemporaryFile unknown(R"({"tickets": {"db": {"pool": 1}}})");
  const TemporaryFile broken("{");
  const TemporaryFile scalar("7");
  std::string braces;
  for (int depth = 0; depth < 100'000; ++depth) braces += "{\"\":";
  braces += "1" + std::string(100'000, '}');
  const TemporaryFile deep(braces);
  const TemporaryFile huge(std::string((1 << 20) + 1, ' '));
  expect_refusals({
      {{"--config=" + fraction.path()}, {}, "= '1.5' (file " + fraction.path() + "): " + is_not_pool},
      {{"--config=" + unknown.path()}, {}, "setting 'tickets.db.pool' (file " + unknown.path() + ") is not known"},
      {{"--config=" + duplicate.path()}, {}, "key 'pool_size' stands twice"},
      {{"--config=" + two_spellings.path()}, {}, "setting 'tickets.db.pool_size' is given twice"},
      {{"--config=" + list.path()}, {}, "is a JSON array"},
      {{"--config=" + broken.path()}, {}, "is not JSON"},
      {{"--config=" + scalar.path()}, {}, "holds no JSON object"},
      {{"--config=" + deep.path()}, {}, "nests objects deeper than 16"},
      {{"--config=" + huge.path()}, {}, "is longer than 1048576 bytes"},
      {{"--config=/nonexistent"}, {}, "cannot open /nonexistent: No such file or directory"},
      {{}, {{"HOLDFAST_TICKETS_DB_URL_FILE", "/nonexistent"}}, "cannot open /nonexistent"},
      {{}, {{"HOLDFAST_TICKETS_DB_URL", "a"}, {"HOLDFAST_TICKETS_DB_URL_FILE", "b"}}, "is given by both"},
  });
}

TEST(Settings, WithoutADefaultMustBeGiven) {
  Settings settings;
  const TokenSettings tokens{settings.section("auth")};
  const auto refused = settings.load({}, {});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message,
              HasSubstr("setting 'auth.issuer' has no default: give HOLDFAST_AUTH_ISSUER or --auth.issuer"));
  EXPECT_THAT(refused.error().message,
              HasSubstr("setting 'auth.key' has no default: give HOLDFAST_AUTH_KEY, a secret"));
  const auto empty = settings.load({}, {{"HOLDFAST_AUTH_ISSUER", ""}, {"HOLDFAST_AUTH_KEY", "k"}});
  ASSERT_FALSE(empty);
  EXPECT_THAT(empty.error().message, HasSubstr("must be a text of 1 to 16384 bytes"));
  ASSERT_EQ(refused.error().fields.size(), 2);
  EXPECT_EQ(refused.error().fields[1].field, "auth.key");
  EXPECT_TRUE(settings.load({}, {{"HOLDFAST_AUTH_ISSUER", "us"}, {"HOLDFAST_AUTH_KEY", "k"}}));
  EXPECT_EQ(*tokens.issuer, "us");
}

TEST(Settings, TellEveryProblemAtOnce) {
  const Loaded loaded({"--tickets.db.pool_size=0", "--nonsense=1"}, {{"HOLDFAST_ACCOUNTS_DB_JITTER", "2"}});
  ASSERT_FALSE(loaded.request);
  EXPECT_EQ(loaded.request.error().fields.size(), 3);
}

TEST(Settings, NameTheVariablesTheyDoNotKnow) {
  const Loaded loaded(
      {}, {{"HOLDFAST_TICKETS_DB_POOLSIZE", "1"}, {"PATH", "/bin"}, {"HOLDFAST_TICKETS_DB_POOL_SIZE", "1"}});
  ASSERT_TRUE(loaded.request);
  EXPECT_THAT(loaded.settings.unknown_environment(), ElementsAre("HOLDFAST_TICKETS_DB_POOLSIZE"));
}

TEST(SettingsDeathTest, MisdeclaredEndTheProcess) {
  const auto twice = [] {
    Settings settings;
    const TokenSettings one{settings.section("auth")};
    const TokenSettings other{settings.section("auth")};
  };
  const auto same_variable = [] {
    Settings settings;
    const Setting<int> one{settings.section("a.b"), "c", 1, {1, 2}, ""};
    const Setting<int> other{settings.section("a"), "b_c", 1, {1, 2}, ""};
  };
  const auto same_as_file = [] {
    Settings settings;
    const Setting<int> one{settings.section("a"), "key", 1, {1, 2}, ""};
    const Setting<int> other{settings.section("a"), "key_file", 1, {1, 2}, ""};
  };
  const auto default_out_of_bounds = [] {
    Settings settings;
    const Setting<int> one{settings.section("a"), "b", 3, {1, 2}, ""};
  };
  const auto unit_missing = [] {
    Settings settings;
    const Setting<std::chrono::milliseconds> one{settings.section("a"), "timeout", 1s, {1s, 2s}, ""};
  };
  const auto bad_name = [] {
    Settings settings;
    const Setting<bool> one{settings.section("a"), "B", true, ""};
  };
  EXPECT_DEATH(twice(), "is_new");
  EXPECT_DEATH(same_variable(), "is_new");
  EXPECT_DEATH(same_as_file(), "is_new");
  EXPECT_DEATH(default_out_of_bounds(), "within_bounds");
  EXPECT_DEATH(unit_missing(), "_ms");
  EXPECT_DEATH(bad_name(), "is_name");
}

TEST(Pages, HelpIsAskedForByAFlagAndListsEverySetting) {
  const Loaded loaded({"--tickets.db.pool_size=0", "--help"});
  ASSERT_TRUE(loaded.request);
  EXPECT_EQ(*loaded.request, Settings::Request::help);
  const std::string page = help_page(loaded.settings, "tickets", "trouble tickets");
  for (const Row& row : loaded.settings.rows()) {
    EXPECT_THAT(page, HasSubstr(row.name + "  "));
    EXPECT_THAT(page, HasSubstr("$" + variable_name(row.name)));
  }
  EXPECT_THAT(page, HasSubstr("a whole number from 1 to 200; default: 16; $HOLDFAST_TICKETS_DB_POOL_SIZE"));
  EXPECT_THAT(page, Not(HasSubstr("postgres://")));
}

TEST(Pages, MarkdownHasATableASection) {
  const Loaded loaded({});
  const std::string page = markdown_page(loaded.settings);
  EXPECT_THAT(page, HasSubstr("\n## accounts.db\n"));
  EXPECT_THAT(page,
              HasSubstr("| `tickets.db.pool_size` | 16 | a whole number from 1 to 200 | Connections kept open. |\n"));
  EXPECT_THAT(page, HasSubstr("The server's certificate \\| PEM."));
  EXPECT_THAT(page, Not(HasSubstr("postgres://")));
}

TEST(Pages, ConfigzShowsSourcesAndMasksSecrets) {
  const Loaded loaded({"--tickets.db.certificate=\xff"}, {{"HOLDFAST_TICKETS_DB_URL", "postgres://hunter2"}});
  const std::string page = configz(loaded.settings);
  EXPECT_THAT(page, Not(HasSubstr("hunter2")));
  EXPECT_THAT(page, Not(HasSubstr("postgres://")));
  const auto document = nlohmann::json::parse(page);
  EXPECT_EQ(document["settings"][0]["name"], "tickets.db.url");
  EXPECT_EQ(document["settings"][0]["value"], "***");
  EXPECT_EQ(document["settings"][0]["source"], "environment HOLDFAST_TICKETS_DB_URL");
  EXPECT_EQ(document["settings"][5]["value"], "\uFFFD");
}

}  // namespace
}  // namespace holdfast::config
