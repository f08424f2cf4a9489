#include "runtime/operations/business_time.h"

#include <atomic>
#include <thread>

#include "runtime/operations/tests/operations_fixture.h"

namespace holdfast::operations {
namespace {

constexpr sql::Statement offset_of_database{
    "test.offset", "SELECT (extract(epoch FROM runtime.business_now() - clock_timestamp()) / 3600)::bigint"};

// A process of this installation: started again, or another one beside it.
struct Started {
  explicit Started(OperationsTest& test, BusinessTime::Options options = {.movable = true}, Duration offset = {})
      : clock(test.clock), time(clock, test.clock, options) {
    clock.set_offset(offset);
    EXPECT_TRUE(time.keep_in(test.database, [this] { ++moved; }));
  }
  std::atomic<int> moved{0};
  MovableClock clock;
  BusinessTime time;
};

using BusinessTimeTest = OperationsTest;

TEST_F(BusinessTimeTest, AProcessThatStartsAgainDoesNotGoBack) {
  {
    Started first(*this);
    ASSERT_TRUE(first.time.move_to(clock.now() + 48h));
    EXPECT_EQ(first.clock.now(), clock.now() + 48h);
    EXPECT_EQ(first.moved, 1);
  }
  EXPECT_EQ(query<std::int64_t>(offset_of_database), std::vector<std::int64_t>{48});
  clock.advance(1h);
  EXPECT_EQ(Started(*this).clock.now(), clock.now() + 48h) << "time went on while nothing ran";
  EXPECT_EQ(Started(*this, {.movable = false}).clock.now(), clock.now() + 48h) << "facts of then are in its database";
  EXPECT_EQ(Started(*this, {.movable = true}, 24h).clock.now(), clock.now() + 48h) << "an earlier start moves nothing";
  EXPECT_EQ(Started(*this, {.movable = true}, 72h).clock.now(), clock.now() + 72h);
}

TEST_F(BusinessTimeTest, AFirstStartMayLieInThePastAndALaterOneMayNot) {
  EXPECT_EQ(Started(*this, {.movable = true}, -240h).clock.now(), clock.now() - 240h);
  EXPECT_EQ(Started(*this, {.movable = true}, -480h).clock.now(), clock.now() - 240h);
}

TEST_F(BusinessTimeTest, AnInstantThatHasPassedLeavesItWhereItIs) {
  Started process(*this);
  ASSERT_TRUE(process.time.move_to(clock.now() + 2h));
  ASSERT_TRUE(process.time.move_to(clock.now() + 1h));
  EXPECT_EQ(process.clock.now(), clock.now() + 2h);
  EXPECT_EQ(process.moved, 1);
}

TEST_F(BusinessTimeTest, WhereItStandsFastNobodyMovesIt) {
  Started process(*this, {.movable = false});
  EXPECT_EQ(process.time.move_to(clock.now() + 1h).error().reason, Reason::clock_not_movable);
  EXPECT_EQ(process.clock.now(), clock.now());
}

TEST_F(BusinessTimeTest, OtherProcessesFollow) {
  Started mover(*this);
  Started follower(*this, {.movable = true, .poll = 1ms});
  follower.time.watch();
  ASSERT_TRUE(mover.time.move_to(clock.now() + 48h));
  const auto until = std::chrono::steady_clock::now() + 60s;
  while (follower.moved == 0 && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  EXPECT_EQ(follower.clock.now(), clock.now() + 48h);
}

}  // namespace
}  // namespace holdfast::operations
