#include "notifications/sending/target_limits.h"

#include <gtest/gtest.h>

namespace holdfast::notifications {
namespace {

TEST(TargetLimits, ATargetHasNoMoreThanItsShare) {
  TargetLimits limits(8, 3);
  EXPECT_EQ(limits.allowed("a"), 3);
  limits.begin("a");
  EXPECT_EQ(limits.allowed("a"), 2);
  EXPECT_EQ(limits.allowed("b"), 3);
  limits.end("a", true);
  EXPECT_EQ(limits.allowed("a"), 3);
}

TEST(TargetLimits, AllTogetherHaveNoMoreThanTheWorkers) {
  TargetLimits limits(4, 3);
  for (const auto* target : {"a", "a", "a", "b"}) limits.begin(target);
  EXPECT_EQ(limits.allowed("b"), 0);
  limits.end("a", true);
  EXPECT_EQ(limits.allowed("b"), 1);
}

TEST(TargetLimits, ATargetThatDoesNotAnswerIsTriedOneAtATime) {
  TargetLimits limits(8, 3);
  limits.begin("a");
  limits.begin("a");
  limits.end("a", false);
  EXPECT_EQ(limits.allowed("a"), 0) << "one is still under way";
  limits.end("a", false);
  EXPECT_EQ(limits.allowed("a"), 1);
  limits.begin("a");
  limits.end("a", true);
  EXPECT_EQ(limits.allowed("a"), 3);
}

TEST(TargetLimits, HoweverManyDoNotAnswerHalfTheWorkersServeThoseThatDo) {
  TargetLimits limits(8, 3);
  for (int target = 0; target < 20; ++target) {
    limits.begin(std::to_string(target));
    limits.end(std::to_string(target), false);
  }
  int begun = 0;
  for (int target = 0; target < 20; ++target) {
    if (limits.allowed(std::to_string(target)) == 0) continue;
    limits.begin(std::to_string(target));
    ++begun;
  }
  EXPECT_EQ(begun, 4);
  EXPECT_EQ(limits.allowed("healthy"), 3);
  limits.end("0", true);
  EXPECT_EQ(limits.allowed("0"), 3) << "it answers again";
  EXPECT_EQ(limits.allowed("19"), 1) << "and leaves its place among the silent to the next";
}

}  // namespace
}  // namespace holdfast::notifications
