#include "runtime/app/ending.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>

namespace holdfast::app {
namespace {

using namespace std::chrono_literals;

const auto now = [] { return std::chrono::steady_clock::now(); };

TEST(Ending, NobodyTakesNewWorkWhileCallsAreWaitedFor) {
  std::atomic<int> asked{0}, asked_at_drain{-1}, stopped{0};
  std::latch calls{1};
  const Ending::Part part{[&] { ++asked; }, [&] { ++stopped; }};
  Ending ending({part, part}, [&] {
    asked_at_drain = asked.load();
    calls.wait();
  });
  EXPECT_EQ(asked, 2);
  EXPECT_FALSE(ending.wait_until(now()));
  EXPECT_EQ(stopped, 0) << "a call may still need it";
  calls.count_down();
  EXPECT_TRUE(ending.wait_until(now() + 60s));
  EXPECT_EQ(asked_at_drain, 2);
  EXPECT_EQ(stopped, 2);
}

TEST(Ending, WhoIsBusyHoldsUpNobodyElse) {
  std::latch busy{1}, other{1};
  Ending ending({{[] {}, [&] { busy.wait(); }}, {[] {}, [&] { other.count_down(); }}}, [] {});
  other.wait();
  EXPECT_FALSE(ending.wait_until(now())) << "the deadline holds, whatever is in hand";
  busy.count_down();
  EXPECT_TRUE(ending.wait_until(now() + 60s));
}

}  // namespace
}  // namespace holdfast::app
