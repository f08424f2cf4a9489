#include <atomic>
#include <new>
#include <stdexcept>
#include <thread>

#include "runtime/timers/tests/timers_fixture.h"

namespace holdfast::timers {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;

constexpr sql::Statement end_session{"test.end_session", "SELECT pg_terminate_backend(pg_backend_pid())::text"};

// Throws the first time that it is asked, as whatever allocates may.
class ThrowingClock final : public Clock {
 public:
  explicit ThrowingClock(const Clock& clock) : clock_(clock) {}
  Instant now() const override {
    if (!thrown_.exchange(true)) throw std::bad_alloc();
    return clock_.now();
  }

 private:
  const Clock& clock_;
  mutable std::atomic<bool> thrown_{false};
};

TEST_F(TimersTest, WhatALookThrowsEndsNeitherTheProcessNorTheTimers) {
  const auto ids = subjects_due(1);
  const ThrowingClock throwing(clock);
  Timers timers(transactor, throwing, {});
  timers.on("sample", firing());
  timers.start();
  EXPECT_THAT(seen.wait_for(1), ElementsAre(ids[0]));
  EXPECT_TRUE(captured.contains("a look at what is due threw"));
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
  EXPECT_THAT(seen.wait_for(200), UnorderedElementsAreArray(ids));
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
  EXPECT_TRUE(captured.contains("lock timeout")) << "not at its deadline, 30 s later";
  EXPECT_THAT(timer(id), ElementsAre(clock.now() + 1h));
}

TEST_F(TimersTest, WhatIsSetWhileAFiringFailsIsKept) {
  const auto id = subject_due(clock.now());
  std::jthread setter;
  Timers timers(transactor, clock, {});
  timers.on("sample", [&](events::UnitOfWork&, Uuid, Instant) -> Result<std::optional<Instant>> {
    setter = std::jthread([&] { EXPECT_TRUE(set(id, clock.now() + 1h)); });
    while (query<std::int64_t>(held_up).at(0) == 0) std::this_thread::yield();  // for the row that this firing holds
    return fail(Reason::field_invalid, "bad");
  });
  EXPECT_EQ(*timers.fire_due("sample"), 1u);
  setter.join();
  EXPECT_THAT(timer(id), ElementsAre(clock.now() + 1h));
}

TEST_F(TimersTest, SettingAFailingSubjectGivesItAFreshStart) {
  const auto id = subject_due(clock.now());
  Timers timers(transactor, clock, {});
  timers.on("sample", [&](events::UnitOfWork&, Uuid, Instant) -> Result<std::optional<Instant>> {
    return fail(Reason::field_invalid, "bad");
  });
  EXPECT_EQ(*timers.fire_due("sample"), 1u);
  EXPECT_EQ(timers.backlog()->at(0).failing, 1);
  ASSERT_TRUE(set(id, timer(id).at(0)));
  EXPECT_EQ(timers.backlog()->at(0).failing, 0);
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

}  // namespace
}  // namespace holdfast::timers
