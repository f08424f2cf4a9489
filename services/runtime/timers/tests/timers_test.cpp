#include <random>
#include <semaphore>

#include "runtime/testing/plan.h"
#include "runtime/timers/rows.h"
#include "runtime/timers/tests/timers_fixture.h"
#include "runtime/timers/timers.sql.h"

namespace holdfast::timers {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr sql::Statement visible{"test.visible", "SELECT count(*) FROM subjects"};
constexpr sql::Statement commits{"test.commits", "SELECT count(DISTINCT xmin::text) FROM runtime.outbox"};
// What any statement that locks or writes a row leaves another value of.
constexpr sql::Statement row_versions{
    "test.row_versions", "SELECT concat_ws(' ', subject_id, ctid, xmin, xmax) FROM runtime.timers ORDER BY subject_id"};
constexpr sql::Statement outbox_agencies{"test.agencies", "SELECT agency_id FROM runtime.outbox ORDER BY seq"};

TEST_F(TimersTest, FiresWhatIsDueInDueOrderAndKeepsTheNextDue) {
  std::vector<Uuid> expected;
  std::map<Instant, Uuid> by_due;
  std::minstd_rand random{42};
  for (int number = 0; number < 50; ++number) {
    const auto due = clock.now() - std::chrono::seconds(1 + random() % 1000000) - Duration(number);
    by_due[due] = subject_due(due);
  }
  const auto later = subject_due(clock.now() + 1us);
  for (const auto& [due, id] : by_due) expected.push_back(id);

  // Without indexes a query's rows come in the order it asks for, or in none.
  sql::Database plain{{.url = temporary.url() + " options='-c enable_indexscan=off -c enable_bitmapscan=off'",
                       .pool_size = 1,
                       .constraints = {}}};
  events::Transactor through_plain{plain, outbox, clock};
  Timers timers(through_plain, clock, slices_of(20));
  timers.on("sample", firing());
  for (const size_t count : {20u, 20u, 10u, 0u}) EXPECT_EQ(*timers.fire_due("sample"), count);

  EXPECT_THAT(seen.list(), ElementsAreArray(expected));
  EXPECT_EQ(timers.fired(), 50);
  EXPECT_THAT(timer(expected.at(7)), ElementsAre(clock.now() + 24h));
  EXPECT_THAT(timer(later), ElementsAre(clock.now() + 1us));
  EXPECT_EQ(query<std::int64_t>(commits).at(0), 3) << "one transaction a slice";
  std::vector<std::string> keys;
  for (const auto& id : expected) keys.push_back(to_string(id));
  EXPECT_THAT(query<std::string>(outbox_keys), ElementsAreArray(keys));
}

TEST_F(TimersTest, EachSubjectIsFiredForItsOwnAgencyAndSeesNoOther) {
  const auto first = subject_due(clock.now() - 2s);
  const auto second = subject_due(clock.now() - 1s);
  subject_due(clock.now() + 1h);
  std::vector<AgencyId> called;
  std::vector<std::int64_t> seen_rows;
  Timers timers(transactor, clock, {});
  timers.on("sample", [&](events::UnitOfWork& unit, Uuid subject, Instant now) -> Result<std::optional<Instant>> {
    EXPECT_EQ(unit.call().who.agency, unit.agency());
    EXPECT_EQ(unit.transaction.agency(), unit.agency());
    called.push_back(unit.agency());
    seen_rows.push_back(TRY(unit.transaction.one<std::int64_t>(visible)));
    return fire(unit, subject, now);
  });
  ASSERT_EQ(*timers.fire_due("sample"), 2u);
  EXPECT_THAT(called, ElementsAre(agencies[first], agencies[second]));
  EXPECT_THAT(seen_rows, ElementsAre(1, 1));
  EXPECT_THAT(query<AgencyId>(outbox_agencies), ElementsAre(agencies[first], agencies[second]));
}

TEST_F(TimersTest, ASliceOfManyAgenciesIsFiredInPartsThatSeeTheirOwn) {
  const AgencyId repeated{new_uuid()};
  for (int number = 0; number < 80; ++number) {
    subject_due(clock.now() - 1h + std::chrono::seconds(number), number % 2 == 0 ? repeated : AgencyId{new_uuid()});
  }
  std::vector<size_t> parts;
  std::vector<std::int64_t> seen_rows;
  Timers timers(transactor, clock, {});
  timers.on_parts("sample", [&](std::span<Firing> slice) -> Result<> {
    parts.push_back(slice.size());
    seen_rows.push_back(TRY(slice.front().unit.transaction.one<std::int64_t>(visible)));
    for (auto& firing : slice) firing.next_due = TRY(fire(firing.unit, firing.subject, firing.now));
    return {};
  });
  ASSERT_EQ(*timers.fire_due("sample"), 80u);
  EXPECT_THAT(parts, ElementsAre(63, 17));
  EXPECT_THAT(seen_rows, ElementsAre(71, 49)) << "of each part's agencies, all rows";
  EXPECT_EQ(query<std::int64_t>(commits).at(0), 1) << "one transaction all the same";
}

TEST_F(TimersTest, ASliceCanBeFiredAsOne) {
  const auto ids = subjects_due(3);
  Timers timers(transactor, clock, {});
  timers.on_slice("sample", [&](std::span<Firing> slice) -> Result<> {
    EXPECT_EQ(slice[0].due, clock.now() - 1h);
    slice[1].next_due = clock.now() + 2h;
    for (auto& firing : slice) TRY(fire(firing.unit, firing.subject, firing.unit.now));
    return {};
  });
  ASSERT_EQ(*timers.fire_due("sample"), 3u);
  EXPECT_THAT(timer(ids[0]), IsEmpty()) << "no next due: the timer is gone";
  EXPECT_THAT(timer(ids[1]), ElementsAre(clock.now() + 2h));
}

TEST_F(TimersTest, NoMoreIsClaimedThanThereIsCapacityFor) {
  const auto ids = subjects_due(3);
  std::int64_t capacity = 0;
  Timers timers(transactor, clock, {});
  timers.on_slice(
      "sample",
      [&](std::span<Firing> slice) -> Result<> {
        for (auto& firing : slice) firing.next_due = TRY(fire(firing.unit, firing.subject, firing.now));
        return {};
      },
      [&] { return capacity; });
  const auto rows = [&] { return query<std::string>(row_versions); };
  const auto before = rows();
  for (const auto none : {0, -1}) {  // below 0: more was given than there are workers for
    capacity = none;
    const auto fired = timers.fire_due("sample");
    ASSERT_TRUE(fired) << describe(fired.error());
    EXPECT_EQ(*fired, 0u);
    EXPECT_EQ(rows(), before) << "nothing is locked or written for whom nobody is free";
  }
  capacity = 2;
  EXPECT_EQ(*timers.fire_due("sample"), 2u);
  EXPECT_EQ(seen.list(), (std::vector{ids[0], ids[1]}));
}

TEST_F(TimersTest, ByWhicheverClockItFiresTheUnitHasTheBusinessClocks) {
  testing::FakeClock system_clock(clock.now() + 24h * 30);
  const auto id = subject_due(clock.now() + 24h);
  Timers timers(transactor, system_clock, {});
  timers.on("sample", [&](events::UnitOfWork& unit, Uuid, Instant now) -> Result<std::optional<Instant>> {
    EXPECT_EQ(unit.now, clock.now());
    EXPECT_EQ(now, system_clock.now());
    return now + 1h;
  });
  ASSERT_EQ(*timers.fire_due("sample"), 1u);
  EXPECT_THAT(timer(id), ElementsAre(system_clock.now() + 1h));
}

TEST_F(TimersTest, SettingReplacesRemovesAndFailsWithItsTransaction) {
  const auto id = subject_due(clock.now() + 1h);
  ASSERT_TRUE(set(id, clock.now() + 2h));
  EXPECT_THAT(timer(id), ElementsAre(clock.now() + 2h));
  EXPECT_FALSE(transactor.run(call_of(id), [&](events::UnitOfWork& unit) -> Result<> {
    Timers::set(unit, "sample", id, std::nullopt);
    return fail(Reason::illegal_transition, "no");
  }));
  EXPECT_THAT(timer(id), SizeIs(1));
  ASSERT_TRUE(set(id, std::nullopt));
  EXPECT_THAT(timer(id), IsEmpty());
  EXPECT_TRUE(set(id, std::nullopt));
}

TEST_F(TimersTest, WhatIsLeftDueIsFiredAgainAtOnce) {
  const auto id = subject_due(clock.now() - 48h);
  Timers timers(transactor, clock, {});
  timers.on("sample", [&](events::UnitOfWork& unit, Uuid subject, Instant now) -> Result<std::optional<Instant>> {
    TRY(fire(unit, subject, now));
    return seen.list().size() < 2 ? now - 24h : now + 24h;
  });
  EXPECT_EQ(*timers.fire_due("sample"), 1u);
  EXPECT_THAT(timer(id), ElementsAre(clock.now())) << "not earlier: a slice that follows begins where this one ended";
  for (const size_t count : {1u, 1u, 0u}) EXPECT_EQ(*timers.fire_due("sample"), count);
  EXPECT_EQ(fired(id), 3);
}

TEST_F(TimersTest, WhatAFiringSetsItselfIsReplacedByWhatItReturns) {
  const auto set_by_itself = subject_due(clock.now());
  const auto removed_by_itself = subject_due(clock.now());
  Timers timers(transactor, clock, {});
  timers.on("sample", [&](events::UnitOfWork& unit, Uuid subject, Instant now) -> Result<std::optional<Instant>> {
    Timers::set(unit, "sample", subject, subject == set_by_itself ? std::optional(now + 1h) : std::nullopt);
    return now + 2h;
  });
  ASSERT_EQ(*timers.fire_due("sample"), 2u);
  EXPECT_THAT(timer(set_by_itself), ElementsAre(clock.now() + 2h));
  EXPECT_THAT(timer(removed_by_itself), ElementsAre(clock.now() + 2h));
}

TEST_F(TimersTest, AMovedClockIsNoticed) {
  MovableClock movable(clock);
  const auto soon = subject_due(clock.now() + 24h * 10);
  Timers timers(transactor, movable, {});
  timers.on("sample", firing());
  timers.start();
  movable.set_offset(24h * 10);
  EXPECT_THAT(seen.wait_for(1), ElementsAre(soon));
  const auto past = subject_due(clock.now() - 24h * 365);
  EXPECT_THAT(seen.wait_for(2), ElementsAre(soon, past)) << "also what is set for long ago";
  EXPECT_THAT(timer(past), ElementsAre(movable.now() + 24h));
}

TEST_F(TimersTest, AHintEndsTheWaitForTheNextLook) {
  Timers timers(transactor, clock, {.poll = 24h});
  timers.on("sample", firing());
  timers.start();
  for (size_t round = 1; round <= 20; ++round) {  // once the first look may have seen it by chance
    subject_due(clock.now());
    timers.wake();
    ASSERT_EQ(seen.wait_for(round).size(), round);
  }
}

TEST_F(TimersTest, TellsWhatIsDueNextAndHowLateItIs) {
  Timers timers(transactor, clock, {});
  timers.on("sample", [&](events::UnitOfWork&, Uuid, Instant) -> Result<std::optional<Instant>> {
    return fail(Reason::field_invalid, "bad");
  });
  timers.on("empty", firing());
  EXPECT_EQ(*timers.next_due(), std::nullopt);
  const auto id = subject_due(clock.now() - 90s);
  subject_due(clock.now() - 30s);
  const auto later = clock.now() + 1h;
  subject_due(later);
  EXPECT_EQ(*timers.next_due(), *timer(id).begin());
  const auto backlog = *timers.backlog();
  EXPECT_THAT(backlog, SizeIs(2));
  for (const auto& kind : backlog) {
    EXPECT_EQ(kind.due, kind.kind == "sample" ? 2 : 0);
    EXPECT_EQ(kind.late_seconds, kind.kind == "sample" ? 90.0 : 0.0);
  }
  EXPECT_EQ(*timers.fire_due("sample"), 2u);
  EXPECT_EQ(*timers.next_due(), later) << "retries are no instants to step through";
}

TEST_F(TimersTest, ItsThreadCountsWhatIsDueForWhoeverMustNotBlock) {
  Timers timers(transactor, clock, {});
  timers.on("sample", firing());
  EXPECT_FALSE(timers.counted("sample")) << "nobody has looked yet";
  subject_due(clock.now() - 30s);
  timers.start();
  ASSERT_EQ(seen.wait_for(1).size(), 1u);
  EXPECT_TRUE(timers.counted("sample"));
  EXPECT_FALSE(timers.counted("unknown"));
}

TEST_F(TimersTest, NothingIsClaimedAfterItWasAskedToStop) {
  const auto id = subject_due(clock.now() - 30s);
  ASSERT_TRUE(transactor.run(call_of(id), [&](events::UnitOfWork& unit) -> Result<> {
    Timers::set(unit, "other", id, clock.now() - 30s);
    return {};
  }));
  std::counting_semaphore<> began{0}, may_end{0};
  {
    Timers timers(transactor, clock, {});
    timers.on("sample", [&](events::UnitOfWork& unit, Uuid subject, Instant now) {
      began.release();
      may_end.acquire();
      return fire(unit, subject, now);
    });
    timers.on("other", firing());
    timers.start();
    began.acquire();
    timers.request_stop();
    may_end.release();
  }
  EXPECT_THAT(seen.list(), ElementsAre(id)) << "what was in hand is done, and nothing else";
}

TEST_F(TimersTest, ALookCostsWhatIsDueNotWhatExists) {
  temporary.run(
      "INSERT INTO runtime.timers SELECT 'sample', gen_random_uuid(), gen_random_uuid(), "
      "'2027-01-01'::timestamptz + n * interval '1 second' FROM generate_series(1, 20000) n;"
      "ANALYZE runtime.timers");
  const auto explain = [&](const sql::Statement& statement, const auto&... arguments) {
    return testing::plan_of(database, service_call({}, "test", 30s), statement.text, arguments...);
  };
  const std::vector<std::string> kinds{"sample"};
  const std::vector<Instant> beginnings{clock.now() - 24h};
  const std::vector plans{explain(statements::claim, "sample", clock.now() - 24h, clock.now(), std::int64_t{200}),
                          explain(statements::earliest, kinds, beginnings), explain(statements::earliest_sound, kinds),
                          explain(statements::backlog, kinds, clock.now(), Timers::max_counted)};
  for (const auto& plan : plans) {
    EXPECT_THAT(plan, HasSubstr("timers_due"));
    EXPECT_THAT(plan, Not(HasSubstr("Seq Scan")));
    EXPECT_THAT(plan, Not(HasSubstr("Rows Removed")));
  }
  EXPECT_THAT(plans[0], Not(HasSubstr("Sort")));
  EXPECT_THAT(plans[0], HasSubstr("rows=0"));
  const std::vector places{RowPlace{std::string(6, '\0')}};
  for (const auto& plan : {explain(statements::arm_claimed, places, std::vector{clock.now() + 24h}),
                           explain(statements::disarm_claimed, places)}) {
    EXPECT_THAT(plan, HasSubstr("Tid Scan"));
    EXPECT_THAT(plan, Not(HasSubstr("Seq Scan")));
  }
}

TEST_F(TimersTest, TwoKindsOfOneNameEndTheProcess) {
  Timers timers(transactor, clock, {});
  const auto nothing = [](std::span<Firing>) { return Result<>(); };
  timers.on("sample", firing());
  timers.on_slice("other", nothing);
  EXPECT_DEATH(timers.on("other", firing()), "count.kinds");
  EXPECT_DEATH(timers.on_parts("sample", nothing), "count.kinds");
  EXPECT_DEATH(timers.on_slice("sample", nothing), "count.kinds");
}

TEST_F(TimersTest, TwoSweepersOfAKindWithACapacityEndTheProcess) {
  Timers timers(transactor, clock, {.sweepers = 2});
  timers.on_slice(
      "sample", [](std::span<Firing>) { return Result<>(); }, [] { return std::int64_t{1}; });
  EXPECT_DEATH(timers.start(), "capacity");
}

}  // namespace
}  // namespace holdfast::timers
