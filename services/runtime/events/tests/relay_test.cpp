#include <future>
#include <latch>

#include "runtime/events/tests/events_fixture.h"

namespace holdfast::events {
namespace {

struct RelayTest : EventsTest {
  Event happens_to_a_topic_that_is_not_there() {
    auto stuck = happened("b", "stuck");
    stuck.topic += ".missing";
    EXPECT_TRUE(publish({stuck}));
    return stuck;
  }
  // What a topic's refusal holds back is not tried again.
  Relay::Options options_that_hold_back() {
    auto options = relay_options();
    options.topic_patience = 100ms;
    options.topic_pause = 24h;
    return options;
  }
};

TEST_F(RelayTest, WhatWaitsIsCounted) {
  ASSERT_TRUE(publish({happened("a", "1"), happened("a", "2")}));
  const auto waits = database.read(call, [](sql::Transaction& transaction) { return Outbox::backlog(transaction); });
  ASSERT_TRUE(waits) << describe(waits.error());
  EXPECT_EQ(waits->events, 2);
}

TEST_F(RelayTest, ALeaseHasOneOwnerAndATermThatFences) {
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

TEST_F(RelayTest, WithoutKafkaEventsWaitInTheOutbox) {
  ASSERT_TRUE(publish({happened("a", "1")}));
  auto options = relay_options();
  options.brokers = "127.0.0.1:1";
  options.patience = 300ms;
  Relay relay(database, outbox, options);
  EXPECT_EQ(relay.relay_once().error().reason, Reason::dependency_unavailable);
  EXPECT_EQ(query<std::int64_t>(sequences).size(), 1u);
  temporary.run("UPDATE runtime.outbox SET created_at = created_at - interval '1 hour'");
  const auto backlog = database.read(call, [](sql::Transaction& tx) { return Outbox::backlog(tx); });
  ASSERT_TRUE(backlog) << describe(backlog.error());
  EXPECT_EQ(backlog->events, 1);
  EXPECT_GE(backlog->oldest_age_seconds, 3600.0);
}

TEST_F(RelayTest, ItsThreadMakesTheTopicsFirst) {
  ASSERT_TRUE(publish({happened("a", "1")}));
  auto options = relay_options();
  options.topics = {{.name = topic, .partitions = 1}};
  options.topic_grace = 0ms;  // a topic that Kafka does not know would be given up at once
  Relay relay(database, outbox, options);
  relay.start();
  EXPECT_TRUE(becomes("SELECT count(*) FROM runtime.outbox", 0));
  EXPECT_EQ(relay.parked(), 0);
}

// Such as one whose producer fails at once: each time costs a new one.
TEST_F(RelayTest, ABatchOfWhichKafkaSaysNothingIsNotSentAgainAtOnce) {
  ASSERT_TRUE(publish({happened("a", "1")}));
  auto options = relay_options();
  options.brokers = "127.0.0.1:1";
  options.patience = 0ms;
  {
    options.poll = 0ms;  // twice nothing is nothing
    Relay relay(database, outbox, options);
    EXPECT_FALSE(relay.relay_once());
    EXPECT_FALSE(relay.relay_once());
  }
  options.poll = 24h;
  Relay relay(database, outbox, options);
  EXPECT_FALSE(relay.relay_once());
  ASSERT_TRUE(publish({happened("a", "2")}));
  EXPECT_EQ(*relay.relay_once(), 0u) << "nor when more is to be sent";
}

TEST_F(RelayTest, ALeaseThatWasGivenBackKeepsItsTerm) {
  std::int64_t before = 0;
  {
    Lease first(database, "work", 60s);
    ASSERT_TRUE(first.hold());
    before = first.term();
  }
  Lease second(database, "work", 60s);
  ASSERT_TRUE(second.hold()) << "nobody waits for the end of a lease that was given back";
  EXPECT_GT(second.term(), before);
}

TEST_F(RelayTest, StopDoesNotWaitForKafka) {
  ASSERT_TRUE(publish({happened("a", "1")}));
  auto options = relay_options();
  options.brokers = "127.0.0.1:1";
  options.patience = 24h;
  Relay relay(database, outbox, options);
  std::stop_source stopping;
  stopping.request_stop();
  EXPECT_FALSE(relay.relay_once(stopping.get_token()));
}

TEST_F(RelayTest, WhoLosesTheLeaseStopsWaitingForKafka) {
  ASSERT_TRUE(publish({happened("a", "1")}));
  Lease other(database, "relay", 60s);
  ASSERT_TRUE(other.hold());
  auto options = relay_options();
  options.brokers = "127.0.0.1:1";
  options.patience = 24h;
  Relay relay(database, outbox, options);
  EXPECT_FALSE(relay.relay_once());
}

// The acknowledgements come late in `patience`: what Kafka took is removed all the same.
TEST_F(RelayTest, WhatKafkaTookIsRemovedThoughOneEventIsStuck) {
  create_topic();
  auto stuck = happened("b", "stuck");
  stuck.topic += ".missing";
  ASSERT_TRUE(publish({happened("a", "1"), stuck, happened("a", "2")}));
  auto options = relay_options();
  options.patience = 3s;
  Relay relay(database, outbox, options);
  EXPECT_FALSE(relay.relay_once());
  EXPECT_EQ(query<std::int64_t>(sequences).size(), 1u);
  EXPECT_EQ(relay.sent(), 2);
}

TEST_F(RelayTest, ATopicThatKafkaDoesNotKnowIsHeldBackAndThenParked) {
  create_topic();
  auto stuck = happens_to_a_topic_that_is_not_there();
  auto options = options_that_hold_back();
  {
    Relay relay(database, outbox, options);
    EXPECT_FALSE(relay.relay_once());
    ASSERT_TRUE(publish({happened("a", "1")}));
    EXPECT_TRUE(relay.relay_once()) << "others do not wait for it";
    EXPECT_EQ(query<std::int64_t>(sequences).size(), 1u) << "it waits";
    EXPECT_EQ(*relay.relay_once(), 0u) << "and is not tried";
  }
  options.topic_grace = 0ms;
  Relay relay(database, outbox, options);
  EXPECT_FALSE(relay.relay_once());
  EXPECT_EQ(relay.parked(), 1);
  EXPECT_TRUE(query<std::int64_t>(sequences).empty());

  Consumer consumer(transactor, consumer_options());
  EXPECT_TRUE(consumer.redrive("relay", stuck.id));
  EXPECT_EQ(value<std::int64_t>("SELECT count(*) FROM runtime.dead_letters"), 0);
  EXPECT_EQ(value<Uuid>("SELECT event_id FROM runtime.outbox"), stuck.id) << "under the id that consumers know";
}

TEST_F(RelayTest, AllThatWasParkedOfATopicGoesBackInOrder) {
  auto options = options_that_hold_back();
  options.topic_grace = 0ms;
  Relay relay(database, outbox, options);
  std::vector<Event> stuck;
  for (const auto* text : {"1", "2", "3"}) {
    stuck.push_back(happened("b", text));
    stuck.back().topic += ".missing";
  }
  ASSERT_TRUE(publish(stuck));
  EXPECT_FALSE(relay.relay_once());
  ASSERT_EQ(relay.parked(), 3);
  // As after redrives that were refused again: those that died first come last in their stream.
  temporary.run("UPDATE runtime.dead_letters SET died_at = died_at - sequence * interval '1 minute'");
  Consumer consumer(transactor, consumer_options());
  const auto done = consumer.redrive_all("relay", stuck.front().topic, agency, call.deadline);
  ASSERT_TRUE(done) << describe(done.error());
  EXPECT_EQ(done->redriven, 3);
  EXPECT_EQ(done->left, 0);
  EXPECT_EQ(query<std::int64_t>(sequences), (std::vector<std::int64_t>{1, 2, 3}));
}

// Its rows have numbers below those that were seen to be held back, and appear after that.
TEST_F(RelayTest, ACommandThatCommitsLateIsNotPassedOverWithWhatIsHeldBack) {
  create_topic();
  auto stuck = happens_to_a_topic_that_is_not_there();
  auto options = options_that_hold_back();
  Relay relay(database, outbox, options);
  EXPECT_FALSE(relay.relay_once());
  const std::vector<Event> late{happened("a", "late")};
  const sql::Statement now{"test.now", "SELECT 1::bigint"};
  EXPECT_TRUE(database.transact(call, [&](sql::Transaction& transaction) -> Result<> {
    CHECK_OK(Outbox::append(transaction, late));
    TRY(transaction.one<std::int64_t>(now));  // it is written, and not committed
    stuck.id = new_uuid();
    EXPECT_TRUE(publish({stuck}));
    for (int look = 0; look < 3; ++look) EXPECT_EQ(*relay.relay_once(), 0u);
    return {};
  }));
  EXPECT_EQ(*relay.relay_once(), 1u);
  EXPECT_EQ(*relay.relay_once(), 0u);
  EXPECT_EQ(query<std::int64_t>(sequences).size(), 2u) << "what is held back";
}

// The other has the lower id and ends first: the late one's lies behind all that have ended.
TEST_F(RelayTest, ACommandThatCommitsLateIsNotPassedOverThoughTheOtherTookItsIdFirst) {
  create_topic();
  auto stuck = happens_to_a_topic_that_is_not_there();
  auto options = options_that_hold_back();
  Relay relay(database, outbox, options);
  EXPECT_FALSE(relay.relay_once());
  const sql::Statement take_id{"test.take_id", "SELECT pg_current_xact_id()::text::bigint"};
  std::latch other_has_id{1}, late_is_written{1};
  stuck.id = new_uuid();
  const std::vector<Event> late{happened("a", "late")}, others{stuck};
  auto other = std::async(std::launch::async, [&] {
    return database.transact(call, [&](sql::Transaction& transaction) -> Result<> {
      TRY(transaction.one<std::int64_t>(take_id));
      other_has_id.count_down();
      late_is_written.wait();
      return Outbox::append(transaction, others);
    });
  });
  other_has_id.wait();
  EXPECT_TRUE(database.transact(call, [&](sql::Transaction& transaction) -> Result<> {
    CHECK_OK(Outbox::append(transaction, late));
    TRY(transaction.one<std::int64_t>(take_id));  // it is written, and not committed
    late_is_written.count_down();
    EXPECT_TRUE(other.get());
    for (int look = 0; look < 3; ++look) EXPECT_EQ(*relay.relay_once(), 0u);
    return {};
  }));
  EXPECT_EQ(*relay.relay_once(), 1u);
  EXPECT_EQ(query<std::int64_t>(sequences).size(), 2u) << "what is held back";
}

// Two batches may be acknowledged at once.
TEST_F(RelayTest, ABatchIsLimitedByBytesButNeverEmpty) {
  create_topic();
  std::vector<Event> events;
  for (int number = 0; number < 6; ++number) events.push_back(happened("a", std::string(1000, 'x')));
  ASSERT_TRUE(publish(events));
  auto options = relay_options();
  options.batch_bytes = 2500;
  const auto removed = *Relay(database, outbox, options).relay_once();
  EXPECT_TRUE(removed == 2 || removed == 4) << removed;
  options.batch_bytes = 1;
  EXPECT_EQ(*Relay(database, outbox, options).relay_once(), 1u);
}

}  // namespace
}  // namespace holdfast::events
