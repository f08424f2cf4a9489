#include "runtime/events/own_events.h"

#include <gmock/gmock.h>

#include "runtime/events/group_progress.h"
#include "runtime/events/tests/events_fixture.h"

namespace holdfast::events {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr sql::Statement early_versions{"test.early_versions",
                                        "SELECT version FROM runtime.early_events ORDER BY version"};
constexpr sql::Statement count_published{"test.count_published", "SELECT count(*) FROM runtime.outbox"};

// Takes back versions one after the other, but for those that are lost.
struct OwnEventsTest : EventsTest {
  void SetUp() override {
    own.on("test.take_back", "holdfast.sample-happened.v1",
           [this](UnitOfWork&, const Event& event, Missing missing) -> Result<OwnEvents::Place> {
             tests::SampleHappened message;
             if (!message.ParseFromString(event.payload)) return fail(Reason::message_malformed, "no event");
             const auto version = std::stoll(message.sample().text());
             const bool taken = !blocked && (version <= newest + 1 || missing == Missing::is_lost);
             if (version == poisonous && missing == Missing::is_lost) return fail(Reason::message_malformed, "poison");
             if (taken) {
               newest = std::max<std::int64_t>(newest, version);
               told.push_back(version);
             }
             return OwnEvents::Place{subject, version, taken};
           });
    own.follow(consumer);
  }
  void hear(const std::vector<int>& versions) {
    for (const int version : versions) {
      const auto heard = consumer.handle("test.take_back", happened("a", std::to_string(version)));
      ASSERT_TRUE(heard) << describe(heard.error());
    }
  }
  void settle() {
    const auto settled = own.settle(transactor, service_call({}, "test", 30s));
    ASSERT_TRUE(settled) << describe(settled.error());
  }

  Consumer consumer{transactor, consumer_options()};
  OwnEvents own;
  Uuid subject = new_uuid();
  std::int64_t newest = 0;
  std::int64_t poisonous = 0;
  bool blocked = false;
  std::vector<std::int64_t> told;
};

TEST_F(OwnEventsTest, WhatComesTooEarlyIsTakenInItsTurn) {
  hear({1, 4, 3, 2});
  EXPECT_THAT(told, ElementsAre(1, 2));
  EXPECT_THAT(query<std::int64_t>(early_versions), ElementsAre(3, 4));
  settle();
  EXPECT_THAT(told, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(query<std::int64_t>(early_versions), IsEmpty());
  EXPECT_THAT(query<std::int64_t>(count_published), ElementsAre(0));
}

TEST_F(OwnEventsTest, WhatIsLostIsPassedOverOnceAllHasCome) {
  hear({1, 5, 3, 6});
  settle();
  EXPECT_THAT(told, ElementsAre(1, 3, 5, 6));
  EXPECT_THAT(query<std::int64_t>(early_versions), IsEmpty());
}

TEST_F(OwnEventsTest, OneThatIsPoisonKeepsNoneOfTheOthers) {
  poisonous = 5;
  hear({3, 5, 7});
  settle();
  EXPECT_EQ(newest, 7);
  EXPECT_THAT(query<std::int64_t>(early_versions), ElementsAre(5)) << "somebody may look at it";
}

TEST_F(OwnEventsTest, WhatHasNoPlaceIsLeftUntilItHas) {
  blocked = true;
  hear({1, 2});
  settle();
  EXPECT_THAT(query<std::int64_t>(early_versions), ElementsAre(1, 2));
  blocked = false;
  settle();
  EXPECT_THAT(query<std::int64_t>(early_versions), IsEmpty());
}

TEST_F(OwnEventsTest, OneHasComeSoFarWhateverIsPublishedMeanwhile) {
  create_topic();
  Relay relay(database, outbox, relay_options());
  relay.start();
  GroupProgress progress(kafka_brokers(), topic + ".group", {topic});
  ASSERT_TRUE(publish({happened("a", "1"), happened("b", "1")}));
  ASSERT_TRUE(becomes("SELECT count(*) FROM runtime.outbox", 0));
  const auto ends = progress.ends();
  ASSERT_TRUE(ends) << describe(ends.error());
  ASSERT_TRUE(publish({happened("a", "2"), happened("b", "2"), happened("c", "2")}));
  ASSERT_TRUE(becomes("SELECT count(*) FROM runtime.outbox", 0));
  EXPECT_EQ(*progress.unhandled_before(*ends), 2);
  EXPECT_EQ(*progress.unhandled(), 5);
}

}  // namespace
}  // namespace holdfast::events
