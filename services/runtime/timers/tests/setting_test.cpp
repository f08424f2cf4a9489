#include <future>

#include "runtime/sql/give_way.h"
#include "runtime/timers/tests/timers_fixture.h"

namespace holdfast::timers {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr sql::Statement hold_timer{"test.hold_timer", "SELECT FROM runtime.timers WHERE subject_id = $1 FOR UPDATE"};
constexpr sql::Statement hold_free{"test.hold_free",
                                   "SELECT FROM runtime.timers WHERE subject_id = $1 FOR UPDATE SKIP LOCKED"};

struct SettingTest : TimersTest {
  // Without waiting for long.
  Result<> set_or_give_way(Uuid subject, Instant due) {
    return transactor.run(call_of(subject), [&](events::UnitOfWork& unit) -> Result<> {
      sql::give_way(unit.transaction);
      Timers::set(unit, "sample", subject, due);
      return {};
    });
  }
  Result<> set_if_none(Uuid subject, Instant due) {
    return transactor.run(call_of(subject), [&](events::UnitOfWork& unit) -> Result<> {
      sql::give_way(unit.transaction);
      Timers::set_if_none(unit, "sample", subject, due);
      return {};
    });
  }
};

TEST_F(SettingTest, WhoSetsATimerHoldsItFromTheCommitOn) {
  const auto id = subject_due(clock.now());
  ASSERT_TRUE(transactor.run(call_of(id), [&](events::UnitOfWork& unit) -> Result<> {
    Timers::set(unit, "sample", id, clock.now() + 2h);
    TRY(unit.transaction.exec(count_firing, unit.agency(), id));  // all that was deferred has been sent
    return set_or_give_way(id, clock.now() + 1h);
  }));
  EXPECT_THAT(timer(id), ElementsAre(clock.now() + 2h)) << "who commits later has the last word";
}

// One transaction sets them in one order, the other in the other.
TEST_F(SettingTest, AllTakeTimersInOneOrder) {
  const AgencyId agency{new_uuid()};
  auto ids = subjects_due(3, agency);
  std::ranges::sort(ids);
  std::future<Result<>> setting;
  EXPECT_TRUE(database.transact(call_of(ids[0]), [&](sql::Transaction& holding) -> Result<> {
    TRY(holding.exec(hold_timer, ids[0]));
    setting = std::async(std::launch::async, [&] {
      return transactor.run(call_of(ids[0]), [&](events::UnitOfWork& unit) -> Result<> {
        Timers::set(unit, "sample", ids[2], std::nullopt);
        Timers::set(unit, "sample", ids[1], clock.now() + 1h);
        Timers::set(unit, "sample", ids[0], clock.now() + 1h);
        return {};
      });
    });
    while (query<std::int64_t>(held_up).at(0) == 0 && setting.wait_for(0s) != std::future_status::ready) continue;
    EXPECT_EQ(TRY(holding.exec(hold_free, ids[1])), 1) << "it waits for the first of them and holds none";
    EXPECT_EQ(TRY(holding.exec(hold_free, ids[2])), 1);
    return {};
  }));
  EXPECT_TRUE(setting.get());
  EXPECT_THAT(timer(ids[1]), ElementsAre(clock.now() + 1h));
  EXPECT_THAT(timer(ids[2]), IsEmpty());
}

TEST_F(SettingTest, TheLastWordCountsAndWhatIsSetIfNoneIsNone) {
  const auto id = subject_due(std::nullopt);
  const auto say = [&](auto... words) {
    EXPECT_TRUE(transactor.run(call_of(id), [&](events::UnitOfWork& unit) -> Result<> {
      (words(unit), ...);
      return {};
    }));
    return timer(id);
  };
  const auto at = [&](Duration hours) {
    return [&, hours](events::UnitOfWork& unit) { Timers::set(unit, "sample", id, clock.now() + hours); };
  };
  const auto never = [&](events::UnitOfWork& unit) { Timers::set(unit, "sample", id, std::nullopt); };
  const auto if_none = [&](events::UnitOfWork& unit) { Timers::set_if_none(unit, "sample", id, clock.now() + 9h); };
  EXPECT_THAT(say(at(1h), at(2h)), ElementsAre(clock.now() + 2h));
  EXPECT_THAT(say(if_none), ElementsAre(clock.now() + 2h));
  EXPECT_THAT(say(if_none, at(3h), if_none), ElementsAre(clock.now() + 3h));
  EXPECT_THAT(say(at(4h), never), IsEmpty());
  EXPECT_THAT(say(if_none), ElementsAre(clock.now() + 9h));
  EXPECT_THAT(say(never, if_none), ElementsAre(clock.now() + 9h)) << "none was there when it was said";
}

TEST_F(SettingTest, WhatIsSetIfNoneWaitsForNobody) {
  const auto id = subject_due(clock.now());
  EXPECT_TRUE(database.transact(call_of(id), [&](sql::Transaction& holding) -> Result<> {
    TRY(holding.exec(hold_timer, id));
    return set_if_none(id, clock.now() + 1h);
  }));
  EXPECT_THAT(timer(id), ElementsAre(clock.now()));
}

// A verb in a firing sets the timer that fires it; the firing says when its subject is due.
TEST_F(SettingTest, OfWhatIsFiredTheFiringHasTheLastWord) {
  const auto id = subject_due(clock.now());
  const auto gone = subject_due(clock.now());
  Timers timers(transactor, clock, {});
  timers.on("sample", [&](events::UnitOfWork& unit, Uuid subject, Instant now) -> Result<std::optional<Instant>> {
    Timers::set(unit, "sample", subject, now + 1h);
    TRY(unit.transaction.exec(count_firing, unit.agency(), subject));
    return subject == gone ? std::nullopt : std::optional(now + 5h);
  });
  EXPECT_EQ(*timers.fire_due("sample"), 2u);
  EXPECT_THAT(timer(id), ElementsAre(clock.now() + 5h));
  EXPECT_THAT(timer(gone), IsEmpty());
}

}  // namespace
}  // namespace holdfast::timers
