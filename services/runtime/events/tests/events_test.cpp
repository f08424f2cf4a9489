#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "runtime/events/cloud_event.h"
#include "runtime/events/consumer.h"
#include "runtime/events/lease.h"
#include "runtime/events/relay.h"
#include "runtime/events/unit_of_work.h"
#include "runtime/migrations.h"
#include "runtime/testing/fake_clock.h"
#include "runtime/testing/temp_database.h"
#include "sample.pb.h"

namespace holdfast::events {
namespace {

using namespace std::chrono_literals;

constexpr std::array components{sql::Migrations{"runtime", runtime::migrations}};
constexpr sql::Statement count_inbox{"test.count_inbox", "SELECT count(*) FROM runtime.inbox"};
constexpr sql::Statement count_dead{"test.count_dead", "SELECT count(*) FROM runtime.dead_letters"};
constexpr sql::Statement sequences{"test.sequences", "SELECT sequence FROM runtime.outbox ORDER BY seq"};

std::string kafka_brokers() {
  const char* brokers = std::getenv("HOLDFAST_TEST_KAFKA");
  return brokers ? brokers : "";
}

// What a consumer's handler saw, for a test that waits for it without sleeping.
class Seen {
 public:
  void add(std::string text) {
    const std::lock_guard lock(mutex_);
    texts_.push_back(std::move(text));
    changed_.notify_all();
  }
  std::vector<std::string> wait_for(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 60s, [&] { return texts_.size() >= count; });
    return texts_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> texts_;
};

struct EventsTest : ::testing::Test {
  Event happened(const std::string& account, const std::string& text) {
    tests::SampleHappened message;
    message.mutable_sample()->set_account_id(account);
    message.mutable_sample()->set_text(text);
    auto event = encode(message, agency, clock.now());
    event.topic = topic;  // a topic of this test's own
    return event;
  }
  Result<> publish(const std::vector<Event>& events) {
    return transactor.run(call, [&](UnitOfWork& unit) -> Result<> {
      unit.published = events;
      return {};
    });
  }
  template <class T>
  std::vector<T> query(const sql::Statement& statement) {
    auto rows = database.read(call, [&](sql::Transaction& transaction) { return transaction.many<T>(statement); });
    EXPECT_TRUE(rows);
    return rows ? *std::move(rows) : std::vector<T>();
  }
  Consumer::Options consumer_options() {
    return {.group = topic + ".group", .brokers = kafka_brokers(), .topics = {topic}};
  }
  Relay::Options relay_options() { return {.name = "relay", .brokers = kafka_brokers()}; }
  void create_topic() {
    const auto created =
        create_topics(kafka_brokers(), {{.name = topic, .partitions = 3}, {.name = topic + ".dlq"}}, 30s);
    ASSERT_TRUE(created) << describe(created.error());
  }

  testing::TempDatabase temporary{components};
  sql::Database database{{.url = temporary.url(), .pool_size = 8, .constraints = {}}};
  testing::FakeClock clock{*parse_instant("2026-01-05T09:00:00Z")};
  Outbox outbox;
  Transactor transactor{database, outbox, clock};
  AgencyId agency{new_uuid()};
  Call call = service_call(agency, "test", 30s);
  std::string topic = "test." + to_string(new_uuid());
};

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
  EXPECT_EQ(name_of_type(event.type), "sample-happened");
  const auto names = all_event_names();
  EXPECT_NE(std::ranges::find(names, "sample-happened"), names.end());
  event.payload = "\xff";
  EXPECT_EQ(cloud_event_json(event).error().reason, Reason::message_malformed);
  event.type = "holdfast.of-tomorrow.v1";
  EXPECT_EQ(cloud_event_json(event).error().reason, Reason::message_malformed);
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
  std::vector<std::jthread> threads;
  std::atomic<int> failures{0};
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int round = 0; round < 25; ++round) {
        const auto first = thread % 2 ? "a" : "b";
        const auto second = thread % 2 ? "b" : "a";
        if (!publish({happened(first, "x"), happened(second, "x")})) ++failures;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(query<std::int64_t>(sequences).size(), 200u);
}

TEST_F(EventsTest, RefusesAnEventThatIsTooLargeAndTheWholeCommand) {
  const auto refused = publish({happened("a", std::string(max_payload_bytes + 1, 'x'))});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::event_too_large);
  EXPECT_TRUE(query<std::int64_t>(sequences).empty());
}

TEST_F(EventsTest, ALeaseHasOneOwnerAndATermThatFences) {
  Lease first(database, "work", 60s);
  ASSERT_TRUE(first.hold());
  {
    Lease second(database, "work", 60s);
    EXPECT_FALSE(second.hold());
  }
  EXPECT_TRUE(database.transact(call, [&](sql::Transaction& transaction) { return first.confirm(transaction); }));
  temporary.run("UPDATE runtime.leases SET expires_at = now() - interval '1 second'");
  Lease third(database, "work", 60s);
  EXPECT_TRUE(third.hold());
  EXPECT_EQ(third.term(), first.term() + 1);
  EXPECT_FALSE(database.transact(call, [&](sql::Transaction& transaction) { return first.confirm(transaction); }));
}

TEST_F(EventsTest, EventsReachTheirHandlerInOrderAndOnce) {
  create_topic();
  Seen seen;
  Consumer consumer(transactor, consumer_options());
  consumer.on("test.note", "holdfast.sample-happened.v1", [&](UnitOfWork& unit, const Event& event) -> Result<> {
    tests::SampleHappened message;
    message.ParseFromString(event.payload);
    unit.after_commit.push_back([&seen, text = message.sample().text()] { seen.add(text); });
    return {};
  });
  consumer.start();
  std::vector<Event> events;
  for (int number = 0; number < 200; ++number) events.push_back(happened("a", std::to_string(number)));
  ASSERT_TRUE(publish(events));

  Relay relay(database, outbox, relay_options());
  relay.start();
  const auto texts = seen.wait_for(200);
  ASSERT_EQ(texts.size(), 200u);
  for (int number = 0; number < 200; ++number) EXPECT_EQ(texts[static_cast<size_t>(number)], std::to_string(number));
  EXPECT_EQ(query<std::int64_t>(count_inbox).at(0), 200);

  auto repeated = events.at(7);
  EXPECT_TRUE(consumer.handle("test.note", repeated));
  EXPECT_EQ(seen.wait_for(200).size(), 200u) << "an event that was handled has no second effect";
}

TEST_F(EventsTest, WhatAHandlerDoesNotKnowIsLearnedOnceBetweenTwoTries) {
  Consumer consumer(transactor, consumer_options());
  bool known = false;
  Result<bool> answer = false;
  int asked = 0;
  consumer.on(
      "test.learns", "",
      [&](UnitOfWork&, const Event&) { return known ? Result<>() : fail(Reason::account_not_found, "unknown"); },
      [&](const Call& asking, const Event& event, const Error& error) {
        EXPECT_EQ(asking.who.agency, event.agency);
        EXPECT_EQ(error.reason, Reason::account_not_found);
        ++asked;
        known = answer && *answer;
        return answer;
      });
  const auto event = happened("a", "1");
  EXPECT_EQ(consumer.handle("test.learns", event).error().reason, Reason::account_not_found) << "nobody knows it";
  answer = fail(Reason::dependency_unavailable, "away");
  EXPECT_EQ(consumer.handle("test.learns", event).error().reason, Reason::dependency_unavailable);
  EXPECT_EQ(query<std::int64_t>(count_inbox), std::vector<std::int64_t>{0}) << "a failed try leaves nothing";
  answer = true;
  EXPECT_TRUE(consumer.handle("test.learns", event));
  EXPECT_EQ(asked, 3);
}

TEST_F(EventsTest, APoisonousEventIsSetAsideAndTheNextIsHandled) {
  create_topic();
  Seen seen;
  std::atomic<int> tries{0};
  Consumer consumer(transactor, consumer_options());
  consumer.on("test.picky", "", [&](UnitOfWork& unit, const Event& event) -> Result<> {
    tests::SampleHappened message;
    message.ParseFromString(event.payload);
    if (message.sample().text() == "bad") return fail(Reason::field_invalid, "bad text");
    if (message.sample().text() == "later" && ++tries < 3) return fail(Reason::database_unavailable, "not now");
    unit.after_commit.push_back([&seen, text = message.sample().text()] { seen.add(text); });
    return {};
  });
  consumer.start();
  Relay relay(database, outbox, relay_options());
  relay.start();
  ASSERT_TRUE(publish({happened("a", "bad"), happened("a", "later"), happened("a", "last")}));
  EXPECT_EQ(seen.wait_for(2), (std::vector<std::string>{"later", "last"}));
  EXPECT_EQ(tries, 3);
  EXPECT_EQ(consumer.dead(), 1);
  EXPECT_EQ(query<std::int64_t>(count_dead).at(0), 1);
}

TEST_F(EventsTest, WithoutKafkaEventsWaitInTheOutbox) {
  ASSERT_TRUE(publish({happened("a", "1")}));
  auto options = relay_options();
  options.brokers = "127.0.0.1:1";
  options.patience = 300ms;
  Relay relay(database, outbox, options);
  EXPECT_EQ(relay.relay_once().error().reason, Reason::dependency_unavailable);
  EXPECT_EQ(query<std::int64_t>(sequences).size(), 1u);
}

}  // namespace
}  // namespace holdfast::events
