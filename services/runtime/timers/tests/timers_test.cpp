#include "runtime/timers/timers.h"

#include <gmock/gmock.h>

#include <deque>
#include <map>
#include <random>
#include <stdexcept>
#include <thread>

#include "runtime/log/log.h"
#include "runtime/migrations.h"
#include "runtime/testing/fake_clock.h"
#include "runtime/testing/temp_database.h"
#include "runtime/timers/timers.sql.h"

namespace holdfast::timers {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

// What is fired in these tests: a row under row-level security that counts, and a ledger that keeps each firing.
constexpr std::array subjects{sql::Migration{"0001_subjects", R"sql(
CREATE TABLE subjects (agency_id uuid NOT NULL, id uuid NOT NULL, fired bigint NOT NULL, PRIMARY KEY (agency_id, id));
ALTER TABLE subjects ENABLE ROW LEVEL SECURITY;
ALTER TABLE subjects FORCE ROW LEVEL SECURITY;
CREATE POLICY agency ON subjects USING
  (agency_id = ANY ((SELECT string_to_array(current_setting('app.agencies', true), ',')::uuid[])::uuid[]));
)sql"}};
constexpr std::array components{sql::Migrations{"runtime", runtime::migrations}, sql::Migrations{"subjects", subjects}};

constexpr sql::Statement insert_subject{"test.insert", "INSERT INTO subjects VALUES ($1, $2, 0)"};
constexpr sql::Statement count_firing{"test.count_firing",
                                      "UPDATE subjects SET fired = fired + 1 WHERE agency_id = $1 AND id = $2"};
constexpr sql::Statement load_fired{"test.load_fired", "SELECT fired FROM subjects WHERE agency_id = $1 AND id = $2"};
constexpr sql::Statement visible{"test.visible", "SELECT count(*) FROM subjects"};
constexpr sql::Statement timer_of{"test.timer", "SELECT next_due FROM runtime.timers WHERE subject_id = $1"};
constexpr sql::Statement outbox_keys{"test.outbox", "SELECT key FROM runtime.outbox ORDER BY seq"};
constexpr sql::Statement outbox_agencies{"test.agencies", "SELECT agency_id FROM runtime.outbox ORDER BY seq"};
constexpr sql::Statement commits{"test.commits", "SELECT count(DISTINCT xmin::text) FROM runtime.outbox"};
constexpr sql::Statement end_session{"test.end_session", "SELECT pg_terminate_backend(pg_backend_pid())::text"};

// What a firing did, for a test that waits for it without sleeping. Any thread.
class Seen {
 public:
  void add(Uuid subject) {
    const std::lock_guard lock(mutex_);
    subjects_.push_back(subject);
    changed_.notify_all();
  }
  std::vector<Uuid> wait_for(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 60s, [&] { return subjects_.size() >= count; });
    return subjects_;
  }
  std::vector<Uuid> list() { return wait_for(0); }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Uuid> subjects_;
};

struct TimersTest : ::testing::Test {
  // A subject of an agency (of its own, unless one is given), due at an instant.
  Uuid subject_due(std::optional<Instant> due, AgencyId agency = AgencyId{new_uuid()}) {
    const auto id = new_uuid();
    agencies[id] = agency;
    const auto done = transactor.run(call_of(id), [&](events::UnitOfWork& unit) -> Result<> {
      unit.transaction.defer(insert_subject, agency, id);
      Timers::set(unit, "sample", id, due);
      return {};
    });
    EXPECT_TRUE(done) << describe(done.error());
    return id;
  }
  std::vector<Uuid> subjects_due(size_t count) {
    std::vector<Uuid> ids;
    for (size_t number = 0; number < count; ++number) {
      ids.push_back(subject_due(clock.now() - 1h + std::chrono::seconds(number)));
    }
    return ids;
  }
  Call call_of(Uuid subject) { return service_call(agencies.at(subject), "test", 30s); }
  Result<> set(Uuid subject, std::optional<Instant> due) {
    return transactor.run(call_of(subject), [&](events::UnitOfWork& unit) -> Result<> {
      Timers::set(unit, "sample", subject, due);
      return {};
    });
  }
  template <class T, class... A>
  std::vector<T> query(const Call& call, const sql::Statement& statement, const A&... arguments) {
    auto rows = database.read(call, [&](sql::Transaction& tx) { return tx.many<T>(statement, arguments...); });
    EXPECT_TRUE(rows) << describe(rows.error());
    return rows ? *std::move(rows) : std::vector<T>();
  }
  template <class T, class... A>
  std::vector<T> query(const sql::Statement& statement, const A&... arguments) {
    return query<T>(service_call({}, "test", 30s), statement, arguments...);
  }
  std::vector<Instant> timer(Uuid subject) { return query<Instant>(timer_of, subject); }
  std::int64_t fired(Uuid subject) {
    return query<std::int64_t>(call_of(subject), load_fired, agencies.at(subject), subject).at(0);
  }

  // Counts and publishes; due again in a day.
  Result<std::optional<Instant>> fire(events::UnitOfWork& unit, Uuid subject, Instant now) {
    if (TRY(unit.transaction.exec(count_firing, unit.agency(), subject)) != 1) return fail(Reason::internal, "hidden");
    unit.published.push_back(
        {.id = new_uuid(), .agency = unit.agency(), .topic = "t", .key = to_string(subject), .type = "fired"});
    unit.after_commit.push_back([this, subject] { seen.add(subject); });
    return now + 24h;
  }
  Fire firing() {
    return [this](events::UnitOfWork& unit, Uuid subject, Instant now) { return fire(unit, subject, now); };
  }
  Timers::Options slices_of(std::int64_t subjects) { return {.slice_subjects = subjects}; }

  testing::TempDatabase temporary{components};
  sql::Database database{{.url = temporary.url(), .pool_size = 8, .constraints = {}}};
  testing::FakeClock clock{*parse_instant("2026-01-05T09:00:00Z")};
  events::Outbox outbox;
  events::Transactor transactor{database, outbox, clock};
  std::map<Uuid, AgencyId> agencies;
  Seen seen;
  log::Capture captured;
};

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

  Timers timers(transactor, clock, slices_of(20));
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

TEST_F(TimersTest, EachSubjectIsFiredForItsOwnAgencyAndTheSliceSeesNoOther) {
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
  EXPECT_THAT(seen_rows, ElementsAre(2, 2));
  EXPECT_THAT(query<AgencyId>(outbox_agencies), ElementsAre(agencies[first], agencies[second]));
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
  for (const size_t count : {1u, 1u, 1u, 0u}) EXPECT_EQ(*timers.fire_due("sample"), count);
  EXPECT_EQ(fired(id), 3);
}

TEST_F(TimersTest, ASliceThatDiesLeavesNothingAndIsFiredAgain) {
  const auto ids = subjects_due(3);
  bool dies = true;
  Timers timers(transactor, clock, {});
  timers.on("sample", [&](events::UnitOfWork& unit, Uuid subject, Instant now) -> Result<std::optional<Instant>> {
    auto next = TRY(fire(unit, subject, now));
    if (dies && subject == ids[2]) TRY(unit.transaction.exec(end_session));
    return next;
  });
  const auto died = timers.fire_due("sample");
  ASSERT_FALSE(died);
  EXPECT_EQ(died.error().reason, Reason::database_unavailable);
  EXPECT_THAT(seen.list(), IsEmpty());
  EXPECT_THAT(query<std::string>(outbox_keys), IsEmpty());
  for (size_t number = 0; number < 3; ++number) {
    EXPECT_EQ(fired(ids[number]), 0);
    EXPECT_THAT(timer(ids[number]), ElementsAre(clock.now() - 1h + std::chrono::seconds(number)));
  }
  EXPECT_EQ(timers.failed(), 0) << "an outage is nobody's fault";

  dies = false;
  EXPECT_EQ(*timers.fire_due("sample"), 3u);
  for (const auto& id : ids) EXPECT_EQ(fired(id), 1);
}

TEST_F(TimersTest, OneThatCannotBeFiredStandsInNobodysWay) {
  const auto ids = subjects_due(5);
  bool poisoned = true;
  std::vector<size_t> slices;
  Timers timers(transactor, clock, {});
  timers.on_slice("sample", [&](std::span<Firing> slice) -> Result<> {
    slices.push_back(slice.size());
    for (auto& firing : slice) {
      firing.next_due = TRY(fire(firing.unit, firing.subject, firing.unit.now));
      if (poisoned && firing.subject == ids[1]) return fail(Reason::field_invalid, "a bad row");
      if (poisoned && firing.subject == ids[3]) throw std::runtime_error("a bad library");
    }
    return {};
  });
  EXPECT_EQ(*timers.fire_due("sample"), 5u);
  EXPECT_THAT(seen.list(), ElementsAre(ids[0], ids[2], ids[4]));
  EXPECT_THAT(slices, ElementsAre(5, 1, 1, 1, 1, 1));
  EXPECT_EQ(timers.failed(), 2);
  EXPECT_EQ(fired(ids[1]), 0) << "what it did before it failed is undone";
  EXPECT_TRUE(captured.contains(to_string(ids[1])));
  EXPECT_TRUE(captured.contains("a bad library"));

  EXPECT_EQ(*timers.fire_due("sample"), 0u);
  for (const auto delay : {1s, 2s, 4s, 8s, 16s, 32s, 64s, 128s, 256s, 300s, 300s}) {
    EXPECT_THAT(timer(ids[1]), ElementsAre(clock.now() + delay));
    clock.advance(delay);
    EXPECT_EQ(*timers.fire_due("sample"), 1u);
    EXPECT_EQ(*timers.fire_due("sample"), 1u);
  }
  EXPECT_EQ(timers.backlog()->at(0).failing, 2);

  slices.clear();
  const auto healthy = subject_due(clock.now());
  clock.advance(300s);
  for (int count = 0; count < 3; ++count) EXPECT_EQ(*timers.fire_due("sample"), 1u);
  EXPECT_THAT(slices, ElementsAre(1, 1, 1)) << "who failed before no longer takes others with it";
  EXPECT_EQ(fired(healthy), 1);

  poisoned = false;
  clock.advance(300s);
  for (int count = 0; count < 2; ++count) EXPECT_EQ(*timers.fire_due("sample"), 1u);
  EXPECT_EQ(fired(ids[1]), 1);
  EXPECT_EQ(timers.backlog()->at(0).failing, 0);
}

TEST_F(TimersTest, TwoAtOnceNeverFireOneSubjectTwice) {
  const auto ids = subjects_due(40);
  Timers other(transactor, clock, slices_of(30));
  other.on("sample", firing());
  bool first = true;
  Timers timers(transactor, clock, slices_of(20));
  timers.on("sample", [&](events::UnitOfWork& unit, Uuid subject, Instant now) -> Result<std::optional<Instant>> {
    if (std::exchange(first, false)) {
      EXPECT_EQ(*other.fire_due("sample"), 20u) << "all but what this slice holds";
    }
    return fire(unit, subject, now);
  });
  EXPECT_EQ(*timers.fire_due("sample"), 20u);
  EXPECT_EQ(*timers.fire_due("sample"), 0u);
  for (const auto& id : ids) EXPECT_EQ(fired(id), 1);
}

TEST_F(TimersTest, ManyThreadsFireEachSubjectOnce) {
  const auto ids = subjects_due(200);
  std::vector<std::unique_ptr<Timers>> processes;
  for (int number = 0; number < 3; ++number) {
    auto& timers = processes.emplace_back(std::make_unique<Timers>(transactor, clock, slices_of(7)));
    timers->on("sample", firing());
  }
  for (auto& timers : processes) timers->start();
  EXPECT_THAT(seen.wait_for(200), ::testing::UnorderedElementsAreArray(ids));
  processes.clear();
  for (const auto& id : ids) EXPECT_EQ(fired(id), 1);
}

TEST_F(TimersTest, ACommandThatHoldsASubjectIsNotDrawnIntoADeadlock) {
  const auto id = subject_due(clock.now());
  Timers timers(transactor, clock, {});
  timers.on("sample", firing());
  int runs = 0;
  const auto command = transactor.run(call_of(id), [&](events::UnitOfWork& unit) -> Result<> {
    ++runs;
    TRY(unit.transaction.exec(count_firing, unit.agency(), id));
    EXPECT_EQ(*timers.fire_due("sample"), 1u) << "the firing gives way and is put back";
    Timers::set(unit, "sample", id, clock.now() + 1h);
    return {};
  });
  EXPECT_TRUE(command) << describe(command.error());
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(timers.failed(), 1);
  EXPECT_THAT(timer(id), ElementsAre(clock.now() + 1h));
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

TEST_F(TimersTest, AKindThatCannotFireDoesNotStopAnother) {
  const auto id = subject_due(clock.now());
  ASSERT_TRUE(transactor.run(call_of(id), [&](events::UnitOfWork& unit) -> Result<> {
    Timers::set(unit, "broken", id, clock.now() - 1h);
    return {};
  }));
  Timers timers(transactor, clock, {});
  timers.on("broken", [](events::UnitOfWork&, Uuid, Instant) -> Result<std::optional<Instant>> {
    return fail(Reason::database_unavailable, "as if");
  });
  timers.on("sample", firing());
  timers.start();
  EXPECT_THAT(seen.wait_for(1), ElementsAre(id));
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

TEST_F(TimersTest, ALookCostsWhatIsDueNotWhatExists) {
  temporary.run(
      "INSERT INTO runtime.timers SELECT 'sample', gen_random_uuid(), gen_random_uuid(), "
      "'2027-01-01'::timestamptz + n * interval '1 second' FROM generate_series(1, 20000) n;"
      "ANALYZE runtime.timers");
  std::deque<std::string> texts;  // a connection remembers where a statement's name lies
  const auto explain = [&](const sql::Statement& statement, const auto&... arguments) {
    const auto& name = texts.emplace_back(std::string("explain.") + statement.name);
    const auto& text = texts.emplace_back(std::string("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) ") + statement.text);
    const sql::Statement explained{name.c_str(), text.c_str()};
    std::string plan;
    EXPECT_TRUE(database.transact(service_call({}, "test", 30s), [&](sql::Transaction& tx) -> Result<> {
      for (const auto& line : TRY(tx.many<std::string>(explained, arguments...))) plan += line + "\n";
      return {};
    }));
    return plan;
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
  const std::vector agency{AgencyId{new_uuid()}};
  const std::vector subject{new_uuid()};
  const auto disarm = explain(statements::disarm, "sample", agency, subject);
  EXPECT_THAT(disarm, HasSubstr("timers_pkey"));
  EXPECT_THAT(disarm, Not(HasSubstr("Seq Scan")));
}

TEST_F(TimersTest, EveryStatementFitsTheSchema) {
  auto connection = *sql::Connection::open(temporary.url(), {});
  for (const auto* statement : statements::all_of_timers) {
    const auto prepared = connection->prepare(*statement);
    EXPECT_TRUE(prepared) << statement->name << ": " << describe(prepared.error());
  }
}

}  // namespace
}  // namespace holdfast::timers
