#include <gmock/gmock.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <new>
#include <thread>

#include "runtime/events/tests/events_fixture.h"

namespace holdfast::events {
namespace {

constexpr auto notes = "SELECT count(*) FROM notes";
constexpr sql::Statement write_note{"test.write_note", "INSERT INTO notes VALUES ('kept')"};
constexpr sql::Statement lock_notes{"test.lock_notes", "LOCK TABLE notes IN SHARE MODE"};

using ConsumerTest = EventsTest;

TEST_F(ConsumerTest, EventsReachTheirHandlerInOrderAndOnce) {
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

TEST_F(ConsumerTest, WhatWasHandledBeforeAStartIsNoLagAfterIt) {
  create_topic();
  Relay relay(database, outbox, relay_options());
  relay.start();
  const auto lag_becomes = [&](std::int64_t expected, const Handler& handler) {
    Consumer consumer(transactor, consumer_options());
    consumer.on("test.note", "", handler);
    consumer.start();
    return eventually([&] { return consumer.lag() == expected; });
  };
  ASSERT_TRUE(publish({happened("a", "1"), happened("b", "2"), happened("c", "3"), happened("d", "4")}));
  const Handler keep = [](UnitOfWork&, const Event&) -> Result<> { return {}; };
  const Handler refuse = [](UnitOfWork&, const Event&) { return fail(Reason::dependency_unavailable, "away"); };
  EXPECT_TRUE(lag_becomes(4, refuse));
  {
    Consumer consumer(transactor, consumer_options());
    consumer.on("test.note", "", keep);
    consumer.start();
    ASSERT_TRUE(becomes("SELECT count(*) FROM runtime.inbox", 4));
  }
  ASSERT_TRUE(publish({happened("a", "5")}));
  EXPECT_TRUE(lag_becomes(1, refuse)) << "where nothing is new nothing is taken";
}

TEST_F(ConsumerTest, WhatAHandlerDoesNotKnowIsLearnedOnceBetweenTwoTries) {
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

TEST_F(ConsumerTest, AnOwnerThatDoesNotAnswerInTimeIsAwayAndCostsTheHandlerNoTime) {
  Consumer consumer(transactor, consumer_options());
  Result<bool> answer = fail(Reason::deadline_exceeded, "slow");
  std::vector<Deadline> deadlines;
  consumer.on(
      "test.learns", "",
      [&](UnitOfWork& unit, const Event&) -> Result<> {
        deadlines.push_back(unit.call().deadline);
        return fail(Reason::account_not_found, "unknown");
      },
      [&](const Call&, const Event&, const Error&) { return answer; });
  EXPECT_EQ(consumer.handle("test.learns", happened("a", "1")).error().reason, Reason::dependency_unavailable);
  deadlines.clear();
  answer = true;
  EXPECT_EQ(consumer.handle("test.learns", happened("a", "1")).error().reason, Reason::account_not_found);
  ASSERT_EQ(deadlines.size(), 2u);
  EXPECT_GT(deadlines[1], deadlines[0]);
}

TEST_F(ConsumerTest, TwoHandlersOfOneNameEndTheProcess) {
  Consumer consumer(transactor, consumer_options());
  const auto nothing = [](UnitOfWork&, const Event&) { return Result<>(); };
  consumer.on("test.note", "a", nothing);
  consumer.on("test.other", "a", nothing);
  EXPECT_DEATH(consumer.on("test.note", "b", nothing), "is_new");
}

TEST_F(ConsumerTest, AnEventOfATraceThatIsKeptHasItsLine) {
  Consumer consumer(transactor, consumer_options());
  consumer.on("test.note", "", [](UnitOfWork&, const Event&) { return Result<>(); });
  auto event = happened("a", "1");
  event.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const log::Capture log;
  ASSERT_TRUE(consumer.handle("test.note", event));
  const auto lines = log.lines();
  const auto line =
      std::ranges::find_if(lines, [](const std::string& one) { return one.find("event handled") != one.npos; });
  ASSERT_NE(line, lines.end());
  EXPECT_THAT(*line, ::testing::HasSubstr(R"("level":"info")"));
  EXPECT_THAT(*line, ::testing::HasSubstr(R"("trace_id":"4bf92f3577b34da6a3ce929d0e0e4736")"));
  EXPECT_THAT(*line, ::testing::HasSubstr(to_string(event.id)));
}

TEST_F(ConsumerTest, APoisonousEventIsSetAsideAndTheNextIsHandled) {
  create_topic();
  Seen seen;
  std::atomic<int> tries{0};
  auto options = consumer_options();
  options.batch_events = 1;  // so that each try is one that counts
  Consumer consumer(transactor, options);
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

// Whoever may write to Kafka can send anything. What is no event, or could not be kept as a dead letter, is passed
// over.
TEST_F(ConsumerTest, WhatNobodyCouldKeepDoesNotHoldItsPartition) {
  create_topic();
  const auto handle = kafka::make_handle(kafka::make_configuration({kafka_brokers(), {}}), false);
  ASSERT_TRUE(handle);
  const auto id = to_string(new_uuid()), whose = to_string(agency);
  const auto send = [&](const std::string& type, const std::string& key, const std::string& payload) {
    const auto error = rd_kafka_producev(
        handle->get(), RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_PARTITION(0), RD_KAFKA_V_KEY(key.data(), key.size()),
        RD_KAFKA_V_VALUE(const_cast<char*>(payload.data()), payload.size()), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_HEADER("ce_id", id.data(), -1), RD_KAFKA_V_HEADER("ce_agency", whose.data(), -1),
        RD_KAFKA_V_HEADER("ce_sequence", "1", -1), RD_KAFKA_V_HEADER("ce_time", "2026-01-05T09:00:00Z", -1),
        RD_KAFKA_V_HEADER("ce_type", type.data(), static_cast<ssize_t>(type.size())), RD_KAFKA_V_END);
    EXPECT_EQ(error, RD_KAFKA_RESP_ERR_NO_ERROR);
  };
  send("\xff", "a", "");
  send("t", std::string("a\0b", 3), "");
  send("t", "a\nb", "");
  send("t", "a", std::string(max_payload_bytes + 1, 'x'));
  send("t", "a", "");
  ASSERT_EQ(rd_kafka_flush(handle->get(), 60'000), RD_KAFKA_RESP_ERR_NO_ERROR);
  Consumer consumer(transactor, consumer_options());
  consumer.on("test.picky", "",
              [](UnitOfWork&, const Event&) -> Result<> { return fail(Reason::field_invalid, "bad"); });
  consumer.start();
  EXPECT_TRUE(handles_all(consumer));
  EXPECT_EQ(consumer.dead(), 5);
  EXPECT_EQ(value<std::int64_t>(dead_letters), 1) << "the last of them is an event";
}

TEST_F(ConsumerTest, WhatANewerProgramWroteAndWhatThrewIsTriedAgainBeforeItIsPoison) {
  create_topic();
  std::map<std::string, int> tries;
  Consumer::Options options = consumer_options();
  options.max_tries = 2;
  options.max_upgrade_tries = 3;
  options.batch_events = 1;  // so that each try is one that counts
  Consumer consumer(transactor, options);
  Seen seen;
  consumer.on("test.picky", "", [&](UnitOfWork& unit, const Event& event) -> Result<> {
    tests::SampleHappened message;
    message.ParseFromString(event.payload);
    const auto text = message.sample().text();
    const auto number = ++tries[text];
    if (text == "newer" && number < 3) return fail(Reason::newer_than_program, "17 is no value of Colour");
    if (text == "throws" && number < 2) throw std::bad_alloc();
    if (text == "never known") return fail(Reason::newer_than_program, "17 is no value of Colour");
    if (text == "always throws") throw std::bad_alloc();
    unit.after_commit.push_back([&seen, text] { seen.add(text); });
    return {};
  });
  Relay relay(database, outbox, relay_options());
  relay.start();
  ASSERT_TRUE(publish({happened("a", "newer"), happened("a", "throws"), happened("a", "never known"),
                       happened("a", "always throws"), happened("a", "last")}));
  consumer.start();
  EXPECT_EQ(seen.wait_for(3), (std::vector<std::string>{"newer", "throws", "last"}));
  EXPECT_EQ(tries["never known"], 3);
  EXPECT_EQ(tries["always throws"], 2);
  EXPECT_EQ(query<std::int64_t>(count_dead).at(0), 2);
}

TEST_F(ConsumerTest, AHandlerThatIsAlwaysTooSlowMakesTheEventPoison) {
  create_topic();
  std::atomic<int> tries{0};
  auto options = consumer_options();
  options.max_timeouts = 2;
  Consumer consumer(transactor, options);
  consumer.on("test.slow", "", [&](UnitOfWork&, const Event&) -> Result<> {
    ++tries;
    return fail(Reason::deadline_exceeded, "slow");
  });
  consumer.start();
  Relay relay(database, outbox, relay_options());
  relay.start();
  ASSERT_TRUE(publish({happened("a", "slow")}));
  EXPECT_TRUE(becomes(dead_letters, 1));
  EXPECT_EQ(tries, 2);
}

TEST_F(ConsumerTest, ATimeoutBeforeThereIsASessionIsTheDatabases) {
  sql::Database small{{.url = temporary.url(), .pool_size = 1, .constraints = {}}};
  Transactor starved(small, outbox, clock);
  auto options = consumer_options();
  options.handler_timeout = 50ms;
  Consumer consumer(starved, options);
  consumer.on("test.note", "", [](UnitOfWork&, const Event&) { return Result<>(); });
  const auto event = happened("a", "1");
  EXPECT_TRUE(small.read(call, [&](sql::Transaction&) -> Result<> {
    EXPECT_EQ(consumer.handle("test.note", event).error().reason, Reason::database_unavailable)
        << "which makes no event poison, however often";
    return {};
  }));
}

TEST_F(ConsumerTest, ALockThatSomebodyHoldsIsWaitedForHoweverLong) {
  create_topic();
  temporary.run("CREATE TABLE notes (note text); GRANT ALL ON notes TO PUBLIC");
  auto options = consumer_options();
  options.handler_timeout = 1s;
  options.max_timeouts = 1;
  options.max_tries = 1;
  Consumer consumer(transactor, options);
  std::atomic<int> tries{0};
  consumer.on("test.note", "", [&](UnitOfWork& unit, const Event&) -> Result<> {
    ++tries;
    TRY(unit.transaction.exec(write_note));
    return {};
  });
  Relay relay(database, outbox, relay_options());
  relay.start();
  ASSERT_TRUE(publish({happened("a", "1")}));
  const auto held = database.transact(call, [&](sql::Transaction& transaction) -> Result<> {
    TRY(transaction.exec(lock_notes));
    consumer.start();
    while (tries < 20 && consumer.dead() == 0) std::this_thread::yield();
    return {};
  });
  ASSERT_TRUE(held) << describe(held.error());
  EXPECT_TRUE(becomes(notes, 1));
  EXPECT_EQ(value<std::int64_t>(dead_letters), 0);
}

TEST_F(ConsumerTest, APoisonWhoseWordsAreCutWithinACharacterIsSetAsideAllTheSame) {
  create_topic();
  Consumer consumer(transactor, consumer_options());
  consumer.on("test.picky", "", [](UnitOfWork&, const Event&) -> Result<> {
    return fail(Reason::field_invalid, "note", "is no note: \xc3");
  });
  consumer.start();
  Relay relay(database, outbox, relay_options());
  relay.start();
  ASSERT_TRUE(publish({happened("a", "1")}));
  EXPECT_TRUE(becomes(dead_letters, 1));
}

// As after a rebalance: our transaction failed, then another process handled the event, then we would bury it.
TEST_F(ConsumerTest, WhatAnotherProcessHasHandledIsNotBuried) {
  create_topic();
  Consumer other(transactor, consumer_options());
  other.on("test.picky", "", [](UnitOfWork&, const Event&) { return Result<>(); });
  const auto event = happened("a", "1");
  Consumer consumer(transactor, consumer_options());
  consumer.on(
      "test.picky", "",
      [&](UnitOfWork&, const Event& given) -> Result<> {
        return given.id == event.id ? fail(Reason::field_invalid, "bad text") : Result<>();
      },
      [&](const Call&, const Event&, const Error&) -> Result<bool> {
        EXPECT_TRUE(other.handle("test.picky", event));
        return false;
      });
  consumer.start();
  Relay relay(database, outbox, relay_options());
  relay.start();
  ASSERT_TRUE(publish({event}));
  EXPECT_TRUE(becomes("SELECT count(*) FROM runtime.inbox", 1));
  ASSERT_TRUE(publish({happened("a", "2")}));
  EXPECT_TRUE(becomes("SELECT count(*) FROM runtime.inbox", 2)) << "its partition moves on";
  EXPECT_EQ(value<std::int64_t>("SELECT count(*) FROM runtime.dead_letters"), 0);
}

TEST_F(ConsumerTest, AnEventOlderThanTheInboxRemembersIsSetAsideUnhandled) {
  create_topic();
  auto options = consumer_options();
  options.oldest = -1h;  // so that an event of now is too old
  Consumer consumer(transactor, options);
  std::atomic<int> effects{0};
  consumer.on("test.note", "", [&](UnitOfWork&, const Event&) -> Result<> {
    ++effects;
    return {};
  });
  consumer.start();
  Relay relay(database, outbox, relay_options());
  relay.start();
  const auto event = happened("a", "1");
  ASSERT_TRUE(publish({event}));
  ASSERT_TRUE(becomes(dead_letters, 1));
  EXPECT_EQ(effects, 0);
  EXPECT_EQ(value<std::string>("SELECT reason FROM runtime.dead_letters"), "EVENT_TOO_OLD");
  EXPECT_TRUE(consumer.redrive("test.note", event.id)) << "an operator may know better";
  EXPECT_EQ(effects, 1);
}

TEST_F(ConsumerTest, WhatThrowsAfterTheCommitLeavesTheEventHandled) {
  Consumer consumer(transactor, consumer_options());
  bool dropped = false;
  consumer.on("test.note", "", [&](UnitOfWork& unit, const Event&) -> Result<> {
    unit.after_commit.push_back([] { throw std::runtime_error("no"); });
    unit.after_commit.push_back([&] { dropped = true; });
    return {};
  });
  EXPECT_TRUE(consumer.handle("test.note", happened("a", "1")));
  EXPECT_TRUE(dropped);
}

TEST_F(ConsumerTest, AConsumerThatCannotStartSaysSoAndTriesAgain) {
  const log::Capture lines;
  auto options = consumer_options();
  options.topics = {};
  Consumer consumer(transactor, options);
  EXPECT_TRUE(consumer.health());
  consumer.start();
  const auto until = std::chrono::steady_clock::now() + 60s;
  while (consumer.health() && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  EXPECT_FALSE(consumer.health());
  EXPECT_TRUE(lines.contains("starts anew"));
}

}  // namespace
}  // namespace holdfast::events
