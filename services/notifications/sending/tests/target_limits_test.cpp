#include "notifications/sending/target_limits.h"

#include <gtest/gtest.h>

#include <mutex>
#include <new>
#include <string>
#include <vector>

namespace holdfast::notifications {
namespace {

// Limits at which these targets have answered promptly.
TargetLimits known(int workers, int per_target, const std::vector<std::string>& targets) {
  TargetLimits limits(workers, per_target);
  for (const auto& target : targets) {
    limits.begin(target);
    limits.end(target, true);
  }
  return limits;
}

TEST(TargetLimits, ATargetHasNoMoreThanItsShare) {
  auto limits = known(8, 3, {"a", "b"});
  EXPECT_EQ(limits.allowed("a"), 3);
  limits.begin("a");
  EXPECT_EQ(limits.allowed("a"), 2);
  EXPECT_EQ(limits.allowed("b"), 3);
  limits.end("a", true);
  EXPECT_EQ(limits.allowed("a"), 3);
}

TEST(TargetLimits, AllTogetherHaveNoMoreThanTheWorkers) {
  auto limits = known(4, 3, {"a", "b"});
  for (const auto* target : {"a", "a", "a", "b"}) limits.begin(target);
  EXPECT_EQ(limits.allowed("b"), 0);
  limits.end("a", true);
  EXPECT_EQ(limits.allowed("b"), 1);
}

TEST(TargetLimits, ATargetIsTriedOneAtATimeUntilItAnswersPromptly) {
  TargetLimits limits(8, 3);
  EXPECT_EQ(limits.allowed("a"), 1) << "eight that hang would otherwise take all workers at once";
  limits.begin("a");
  EXPECT_EQ(limits.allowed("a"), 0);
  limits.end("a", true);
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

TEST(TargetLimits, AnAttemptThatThrowsEndsItsTurn) {
  auto limits = known(8, 3, {"a"});
  std::mutex mutex;
  limits.begin("a");
  EXPECT_THROW(
      {
        const TargetLimits::Turn turn(limits, mutex, "a");
        throw std::bad_alloc();
      },
      std::bad_alloc);
  EXPECT_EQ(limits.allowed("a"), 1) << "nothing is under way, and it counts as slow";
  limits.begin("a");
  {
    TargetLimits::Turn turn(limits, mutex, "a");
    turn.was_prompt();
  }
  EXPECT_EQ(limits.allowed("a"), 3);
}

TEST(TargetLimits, HoweverManyAreSlowHalfTheWorkersServeThoseThatAreNot) {
  auto limits = known(8, 3, {"healthy"});
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
  EXPECT_EQ(limits.allowed("19"), 1) << "and leaves its place among the slow to the next";
}

TEST(TargetLimits, HoweverManyAreNewAQuarterOfTheWorkersServesThoseThatAnswer) {
  auto limits = known(8, 3, {"healthy"});
  int begun = 0;
  for (int target = 0; target < 20; ++target) {
    if (limits.allowed(std::to_string(target)) == 0) continue;
    limits.begin(std::to_string(target));
    ++begun;
  }
  EXPECT_EQ(begun, 6) << "nobody knows yet whether they hang";
  EXPECT_EQ(limits.allowed("healthy"), 2);
  for (int target = 0; target < 6; ++target) limits.end(std::to_string(target), false);
  for (int target = 0; target < 4; ++target) limits.begin(std::to_string(target));
  EXPECT_EQ(limits.allowed("4"), 0) << "those that do have half of the workers";
  EXPECT_EQ(limits.allowed("6"), 1) << "and leave room for whoever is new";
}

}  // namespace
}  // namespace holdfast::notifications
