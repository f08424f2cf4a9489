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
  EXPECT_FALSE(held.refuse("a", 1, start + 599s));
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

// Whoever relayed meanwhile may have got its events through.
TEST_F(HeldTopicsTest, ALeaseThatWasLostAndRegainedBeginsAnew) {
  EXPECT_FALSE(held.refuse("a", 1, start));
  EXPECT_FALSE(held.refuse("a", 3, start + 600s));
  EXPECT_TRUE(held.refuse("a", 3, start + 1200s));
}

}  // namespace
}  // namespace holdfast::events
