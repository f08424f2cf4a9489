#include "runtime/events/held_topics.h"

#include <gmock/gmock.h>

namespace holdfast::events {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr HeldTopics::Time start{};

struct HeldTopicsTest : ::testing::Test {
  HeldTopics held{10s, 600s};
};

TEST_F(HeldTopicsTest, ATopicIsTriedAgainAfterAPauseAndGivenUpAfterItsGrace) {
  EXPECT_FALSE(held.refuse("a", 1, start));
  EXPECT_THAT(held.at(start + 9s), ElementsAre("a"));
  EXPECT_THAT(held.at(start + 10s), IsEmpty());
  for (auto later = 10s; later < 600s; later += 10s) EXPECT_FALSE(held.refuse("a", 1, start + later));
  EXPECT_FALSE(held.refuse("b", 1, start + 600s)) << "each by itself";
  EXPECT_TRUE(held.refuse("a", 1, start + 600s));
  EXPECT_TRUE(held.refuse("a", 1, start + 600s)) << "with all of its events";
}

TEST_F(HeldTopicsTest, WhatWasTakenOrParkedHasItsWholeGraceAgain) {
  EXPECT_FALSE(held.refuse("a", 1, start));
  held.release("a");
  EXPECT_THAT(held.at(start), IsEmpty());
  EXPECT_FALSE(held.refuse("a", 1, start + 600s));
}

// While Kafka is away it refuses nothing.
TEST_F(HeldTopicsTest, TwoRefusalsWithALongTimeBetweenAreNotARefusalForALongTime) {
  EXPECT_FALSE(held.refuse("a", 1, start));
  EXPECT_FALSE(held.refuse("a", 1, start + 900s));
  auto later = start + 900s;
  for (int batch = 0; batch < 9; ++batch) EXPECT_FALSE(held.refuse("a", 1, later += 65s)) << "batches that take long";
  EXPECT_TRUE(held.refuse("a", 1, later += 65s));
}

// Whoever relayed meanwhile may have got its events through.
TEST_F(HeldTopicsTest, ALeaseThatWasLostAndRegainedBeginsAnew) {
  EXPECT_FALSE(held.refuse("a", 1, start));
  EXPECT_FALSE(held.refuse("a", 3, start + 600s));
  for (auto later = 700s; later < 1200s; later += 100s) EXPECT_FALSE(held.refuse("a", 3, start + later));
  EXPECT_TRUE(held.refuse("a", 3, start + 1200s));
}

}  // namespace
}  // namespace holdfast::events
