#include "runtime/command/commands.h"

#include <gtest/gtest.h>

#include <semaphore>
#include <thread>

#include "notes.pb.h"
#include "runtime/auth/authenticator.h"
#include "runtime/command/remote.h"
#include "runtime/metrics/metrics.h"
#include "runtime/migrations.h"
#include "runtime/rpc/server.h"
#include "runtime/testing/fake_clock.h"
#include "runtime/testing/temp_database.h"

namespace holdfast::command {
namespace {

using namespace std::chrono_literals;
using events::UnitOfWork;

struct Note {
  Uuid id;
  std::string text;
};
struct WriteNote {
  std::string text;
};
struct ReadNote {
  Uuid id;
};
struct NoteWritten {
  Note note;
};
// The request as a client sends it.
struct WriteRequest {
  std::string text;
  std::string request_id;
  bool validate_only = false;
};

constexpr std::array note_migrations{sql::Migration{
    "0001_notes",
    "CREATE TABLE notes (id uuid PRIMARY KEY, text text NOT NULL CONSTRAINT notes_short CHECK (length(text) < 9))"}};
constexpr std::array components{sql::Migrations{"runtime", runtime::migrations},
                                sql::Migrations{"notes", note_migrations}};
constexpr std::array constraints{sql::ConstraintReason{"notes_short", Reason::field_too_long, "text"}};
constexpr sql::Statement insert_note{"notes.insert", "INSERT INTO notes VALUES ($1, $2)"};
constexpr sql::Statement load_note{"notes.load", "SELECT id, text FROM notes WHERE id = $1"};
constexpr sql::Statement count_notes{"notes.count", "SELECT count(*) FROM notes"};
constexpr sql::Statement count_events{"notes.count_events", "SELECT count(*) FROM runtime.outbox"};

}  // namespace
}  // namespace holdfast::command

namespace holdfast {

template <>
struct Fields<command::Note> {
  static constexpr auto list = FieldList{Field{"id", &command::Note::id}, Field{"text", &command::Note::text}};
};
template <>
struct Fields<command::WriteNote> {
  static constexpr auto list = FieldList{Field{"text", &command::WriteNote::text}};
};
template <>
struct Fields<command::ReadNote> {
  static constexpr auto list = FieldList{Field{"id", &command::ReadNote::id}};
};
template <>
struct Fields<command::NoteWritten> {
  static constexpr std::string_view message = "holdfast.command.tests.NoteWritten";
  static constexpr auto list = FieldList{Field{"note", &command::NoteWritten::note}};
};
template <>
struct Fields<command::WriteRequest> {
  using W = command::WriteRequest;
  static constexpr auto list = FieldList{Field{"text", &W::text}, Field{"request_id", &W::request_id},
                                         Field{"validate_only", &W::validate_only}};
};

}  // namespace holdfast

namespace holdfast::command {
namespace {

const std::string service_name = "holdfast.command.tests.NoteService";

struct CommandsTest : ::testing::Test {
  void SetUp() override {
    server.emplace(rpc::ServerSettings{}, authenticator, registry);
    commands.emplace(server->add_service(service_name), transactor);
    const auto write = [this](UnitOfWork& unit, const WriteNote& command) -> Result<Note> {
      ++runs;
      if (gate) gate->acquire();
      if (learned.empty() && command.text == "unknown") return fail(Reason::account_not_found, "unknown here");
      const Note note{new_uuid(), command.text};
      unit.transaction.defer(insert_note, note);
      unit.publish(NoteWritten{note});
      unit.after_commit.push_back([this] { ++committed; });
      return note;
    };
    commands->command("WriteNote", write, [this](const Call&, const WriteNote& command, const Error&) -> Result<bool> {
      if (command.text != "unknown") return false;
      learned = command.text;
      return true;
    });
    commands->command("WriteSecret", write);
    commands->query("ReadNote", [](sql::Transaction& transaction, const ReadNote& query) {
      return transaction.one<Note>(load_note, query.id);
    });
    ASSERT_TRUE(server->start());
  }
  rpc::Client client() {
    const Principal who{agency, PrincipalKind::integration, "tester", {"*"}};
    return *rpc::Client::open(
        {.target = "127.0.0.1:" + std::to_string(server->port())},
        [this, who](const Call&) -> Result<std::string> { return "Bearer " + *signer.sign(who, clock.now()); });
  }
  Result<Note> write(const WriteRequest& request, const std::string& method = "WriteNote") {
    return call<Note>(client(), service_name + "/" + method, service_call(agency, "test", 30s), request);
  }
  std::int64_t count(const sql::Statement& statement) {
    return *database.read(service_call(agency, "test", 30s),
                          [&](sql::Transaction& transaction) { return transaction.one<std::int64_t>(statement); });
  }

  testing::TempDatabase temporary{components};
  sql::Database database{{.url = temporary.url(), .pool_size = 8, .constraints = constraints}};
  testing::FakeClock clock{*parse_instant("2026-01-05T09:00:00Z")};
  events::Outbox outbox;
  events::Transactor transactor{database, outbox, clock};
  auth::TokenSigner signer = auth::TokenSigner::with_new_key();
  auth::Authenticator authenticator{*auth::TokenVerifier::from_pems({signer.public_key_pem()}), clock};
  metrics::Registry registry;
  std::optional<Commands> commands;
  std::optional<rpc::Server> server;
  AgencyId agency{new_uuid()};
  std::atomic<int> runs{0};
  std::atomic<int> committed{0};
  std::string learned;
  std::unique_ptr<std::counting_semaphore<>> gate;
};

TEST_F(CommandsTest, AVerbIsServedByTheNamesOfItsFields) {
  const auto written = write({.text = "hello"});
  ASSERT_TRUE(written) << describe(written.error());
  EXPECT_EQ(written->text, "hello");
  const auto read =
      call<Note>(client(), service_name + "/ReadNote", service_call(agency, "test", 30s), ReadNote{written->id});
  ASSERT_TRUE(read) << describe(read.error());
  EXPECT_EQ(read->text, "hello");
  EXPECT_EQ(committed, 1);
}

TEST_F(CommandsTest, ARepeatedRequestIsAnsweredAsTheFirstTime) {
  const auto first = write({.text = "once", .request_id = "r1"});
  const auto second = write({.text = "once", .request_id = "r1"});
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->id, second->id);
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(count(count_events), 1);
}

TEST_F(CommandsTest, ARepeatWhileTheFirstStillRunsWaitsForItsAnswer) {
  gate = std::make_unique<std::counting_semaphore<>>(0);
  Result<Note> first = fail(Reason::internal, "not asked"), second = first;
  {
    const std::jthread one([&] { first = write({.text = "once", .request_id = "r1"}); });
    const std::jthread two([&] { second = write({.text = "once", .request_id = "r1"}); });
    gate->release(2);  // enough for both, if both should get as far as the verb
  }
  ASSERT_TRUE(first) << describe(first.error());
  ASSERT_TRUE(second) << describe(second.error());
  EXPECT_EQ(first->id, second->id);
  EXPECT_EQ(runs, 1);
}

TEST_F(CommandsTest, ARequestIdIsNotForAnotherRequest) {
  ASSERT_TRUE(write({.text = "one", .request_id = "r1"}));
  EXPECT_EQ(write({.text = "two", .request_id = "r1"}).error().reason, Reason::request_id_reused);
  EXPECT_EQ(write({.text = "one", .request_id = std::string(129, 'x')}).error().reason, Reason::field_too_long);
}

TEST_F(CommandsTest, ARefusalIsNotRemembered) {
  EXPECT_EQ(write({.text = "much too long", .request_id = "r1"}).error().reason, Reason::field_too_long);
  EXPECT_EQ(write({.text = "much too long", .request_id = "r1"}).error().reason, Reason::field_too_long);
  EXPECT_EQ(runs, 2);
}

TEST_F(CommandsTest, AnAnswerThatHoldsASecretIsNeverStored) {
  ASSERT_TRUE(write({.text = "key", .request_id = "r1"}, "WriteSecret"));
  ASSERT_TRUE(write({.text = "key", .request_id = "r1"}, "WriteSecret"));
  EXPECT_EQ(runs, 2);
}

TEST_F(CommandsTest, ARehearsalAnswersAndLeavesNothing) {
  const auto rehearsed = write({.text = "maybe", .request_id = "r1", .validate_only = true});
  ASSERT_TRUE(rehearsed) << describe(rehearsed.error());
  EXPECT_EQ(count(count_notes), 0);
  EXPECT_EQ(count(count_events), 0);
  EXPECT_EQ(committed, 0);
}

TEST_F(CommandsTest, ARehearsalMeetsWhatTheCommandWouldMeet) {
  EXPECT_EQ(write({.text = "much too long", .validate_only = true}).error().reason, Reason::field_too_long);
}

TEST_F(CommandsTest, WhatIsNotKnownHereIsLearnedOnce) {
  const auto written = write({.text = "unknown"});
  ASSERT_TRUE(written) << describe(written.error());
  EXPECT_EQ(runs, 2);
}

}  // namespace
}  // namespace holdfast::command
