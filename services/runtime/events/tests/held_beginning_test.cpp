#include "runtime/events/held_beginning.h"

#include <gtest/gtest.h>

namespace holdfast::events {
namespace {

const std::vector<std::string> held{"a"};

struct HeldBeginningTest : ::testing::Test {
  HeldBeginning beginning;
};

TEST_F(HeldBeginningTest, WhatWasSeenIsPassedOnceAllHaveEndedThatWereUnderWay) {
  EXPECT_EQ(beginning.end(held), 0);
  beginning.looked({.last_seq = 100, .oldest_transaction = 7, .next_transaction = 10}, 100);
  EXPECT_EQ(beginning.end(held), 0) << "7 may bring a row below 100";
  beginning.looked({.last_seq = 120, .oldest_transaction = 9, .next_transaction = 14}, 120);
  EXPECT_EQ(beginning.end(held), 0) << "so may 9";
  beginning.looked({.last_seq = 130, .oldest_transaction = 10, .next_transaction = 20}, 130);
  EXPECT_EQ(beginning.end(held), 100);
  beginning.looked({.last_seq = 130, .oldest_transaction = 20, .next_transaction = 21}, 130);
  EXPECT_EQ(beginning.end(held), 130);
}

TEST_F(HeldBeginningTest, ALookThatDidNotReachSoFarSaysNothing) {
  beginning.end(held);
  beginning.looked({100, 10, 10}, 100);
  beginning.looked({100, 10, 10}, 60);
  EXPECT_EQ(beginning.end(held), 0);
  beginning.looked({100, 10, 10}, 100);
  EXPECT_EQ(beginning.end(held), 100);
}

TEST_F(HeldBeginningTest, OtherTopicsBeginAnew) {
  beginning.end(held);
  beginning.looked({100, 10, 10}, 100);
  beginning.looked({100, 10, 10}, 100);
  EXPECT_EQ(beginning.end(held), 100);
  EXPECT_EQ(beginning.end({}), 0) << "it is tried again";
  beginning.looked({100, 10, 10}, 100);
  EXPECT_EQ(beginning.end({}), 0) << "nothing is held back";
  EXPECT_EQ(beginning.end(held), 0);
}

}  // namespace
}  // namespace holdfast::events
