#include <gmock/gmock.h>

#include <algorithm>
#include <thread>

#include "runtime/events/cloud_event.h"
#include "runtime/events/tests/events_fixture.h"
#include "runtime/sql/tests/cutting_proxy.h"

namespace holdfast::events {
namespace {

enum class Colour { red };

struct SeenSample {
  Colour colour{};
};

struct SampleSeen {
  SeenSample sample;
};

}  // namespace
}  // namespace holdfast::events

template <>
inline constexpr auto holdfast::enum_names<holdfast::events::Colour> = std::to_array<std::string_view>({"red"});

template <>
struct holdfast::Fields<holdfast::events::SeenSample> {
  static constexpr auto list = FieldList{Field{"colour", &events::SeenSample::colour}};
};

template <>
struct holdfast::Fields<holdfast::events::SampleSeen> {
  static constexpr std::string_view message = "holdfast.events.tests.SampleHappened";
  static constexpr auto list = FieldList{Field{"sample", &events::SampleSeen::sample}};
};

namespace holdfast::events {
namespace {

TEST_F(EventsTest, TopicKeyAndTypeComeFromTheMessage) {
  tests::SampleHappened message;
  message.mutable_sample()->set_account_id("a1");
  const auto event = encode(message, agency, clock.now());
  EXPECT_EQ(event.topic, "holdfast.sample");
  EXPECT_EQ(event.key, to_string(agency) + "/a1");
  EXPECT_EQ(event.type, "holdfast.sample-happened.v1");
  EXPECT_EQ(encode(tests::AgencyHappened(), agency, clock.now()).key, to_string(agency));
  EXPECT_THROW(encode(message.sample(), agency, clock.now()), std::logic_error);
}

TEST_F(EventsTest, AnEventReadsAsStructuredJson) {
  auto event = happened("a1", "say \"yes\"");
  event.id = *parse_uuid("0195b0c8-0000-7000-8000-000000000001");
  event.agency = AgencyId{*parse_uuid("0195b0c8-0000-7000-8000-00000000000a")};
  event.topic = "holdfast.sample";
  event.key = "0195b0c8-0000-7000-8000-00000000000a/a1";
  event.sequence = 7;
  EXPECT_EQ(
      *cloud_event_json(event),
      R"({"specversion":"1.0","id":"0195b0c8-0000-7000-8000-000000000001","source":"/holdfast/sample",)"
      R"("type":"holdfast.sample-happened.v1","time":"2026-01-05T09:00:00Z","datacontenttype":"application/json",)"
      R"("partitionkey":"0195b0c8-0000-7000-8000-00000000000a/a1","sequence":"7",)"
      R"("agency":"0195b0c8-0000-7000-8000-00000000000a",)"
      R"("data":{"sample":{"accountId":"a1","text":"say \"yes\""}}})");
  event.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  EXPECT_THAT(*cloud_event_json(event), ::testing::HasSubstr(R"("traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-)"
                                                             R"(00f067aa0ba902b7-01","data":)"));
  EXPECT_EQ(name_of_type(event.type), "sample-happened");
  const auto names = all_event_names();
  EXPECT_NE(std::ranges::find(names, "sample-happened"), names.end());
  event.payload = "\xff";
  EXPECT_EQ(cloud_event_json(event).error().reason, Reason::message_malformed);
  event.type = "holdfast.of-tomorrow.v1";
  EXPECT_EQ(cloud_event_json(event).error().reason, Reason::newer_than_program);
}

TEST_F(EventsTest, AValueThatOnlyANewerProgramKnowsIsNobodysMistake) {
  tests::SampleHappened message;
  message.mutable_sample()->set_colour(tests::COLOUR_RED);
  EXPECT_EQ(decode<SampleSeen>(encode(message, agency, clock.now()))->sample.colour, Colour::red);
  message.mutable_sample()->set_colour(static_cast<tests::Colour>(17));
  const auto decoded = decode<SampleSeen>(encode(message, agency, clock.now()));
  EXPECT_EQ(decoded.error().reason, Reason::newer_than_program);
  EXPECT_EQ(decoded.error().fields.at(0).field, "sample.colour");
}

TEST_F(EventsTest, TheKeyNamesTheAccountIfThereIsOne) {
  EXPECT_EQ(happened("", "x").key, to_string(agency));
  const auto account = new_uuid();
  EXPECT_EQ(account_of(happened(to_string(account), "x")), account);
  EXPECT_EQ(account_of(happened("", "x")), std::nullopt);
}

TEST_F(EventsTest, SequencesAreGaplessPerStreamWhoeverCommits) {
  ASSERT_TRUE(publish({happened("a", "1"), happened("b", "1"), happened("a", "2")}));
  EXPECT_FALSE(transactor.run(call, [&](UnitOfWork& unit) -> Result<> {
    unit.published = {happened("a", "lost")};
    return fail(Reason::illegal_transition, "no");
  }));
  ASSERT_TRUE(publish({happened("a", "3")}));
  EXPECT_EQ(query<std::int64_t>(sequences), (std::vector<std::int64_t>{1, 1, 2, 3}));
}

TEST_F(EventsTest, CommandsThatTouchTheSameStreamsDoNotDeadlock) {
  auto sessions = std::make_unique<sql::Database>(
      sql::Database::Options{.url = temporary.url(), .pool_size = 4, .constraints = {}});
  Transactor together(*sessions, outbox, clock);
  std::vector<std::jthread> threads;
  std::atomic<int> failures{0};
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int round = 0; round < 25; ++round) {
        const auto first = thread % 2 ? "a" : "b";
        const auto second = thread % 2 ? "b" : "a";
        const auto published = together.run(call, [&](UnitOfWork& unit) -> Result<> {
          unit.published = {happened(first, "x"), happened(second, "x")};
          return {};
        });
        if (!published) ++failures;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(query<std::int64_t>(sequences).size(), 200u);
  // A deadlock is repeated and so heals; but PostgreSQL counts it, when the session ends.
  sessions.reset();
  ASSERT_TRUE(becomes("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()", 1));
  EXPECT_EQ(value<std::int64_t>("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"), 0);
}

// It was committed, and nobody comes again: what the first try did not do is not done.
TEST_F(EventsTest, HintsAreGivenAlsoWhenTheOutcomeIsUnknown) {
  const sql::CuttingProxy proxy(temporary.url(), "database.commit", sql::CuttingProxy::Cut::after_it_is_done);
  sql::Database cut_off{{.url = proxy.through(temporary.url()), .pool_size = 1, .constraints = {}}};
  Transactor at_the_end_of_a_wire(cut_off, outbox, clock);
  std::vector<std::string> done;
  const auto attempt = [&](std::optional<Error> failure) {
    done.clear();
    return at_the_end_of_a_wire.run(call, [&](UnitOfWork& unit) -> Result<> {
      unit.published = {happened("a", "1")};
      unit.hints.push_back([&] { done.emplace_back("hinted"); });
      unit.after_commit.push_back([&] { done.emplace_back("done"); });
      return failure ? Result<>(*failure) : Result<>();
    });
  };
  EXPECT_EQ(attempt({}).error().reason, Reason::outcome_unknown);
  EXPECT_THAT(done, ::testing::ElementsAre("hinted"));
  EXPECT_FALSE(attempt(fail(Reason::illegal_transition, "no")));
  EXPECT_THAT(done, ::testing::IsEmpty());
  EXPECT_TRUE(attempt({}));
  EXPECT_THAT(done, ::testing::ElementsAre("done", "hinted"));
}

TEST_F(EventsTest, RefusesAnEventThatIsTooLargeAndTheWholeCommand) {
  const auto refused = publish({happened("a", std::string(max_payload_bytes + 1, 'x'))});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::event_too_large);
  EXPECT_TRUE(query<std::int64_t>(sequences).empty());
}

}  // namespace
}  // namespace holdfast::events
