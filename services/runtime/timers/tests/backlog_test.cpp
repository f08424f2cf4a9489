#include <set>
#include <thread>

#include "runtime/timers/tests/timers_fixture.h"

namespace holdfast::timers {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAreArray;

// What slices a backlog was fired in. Read once the timers are gone.
struct Slices {
  FireSlice recording(const Fire& fire) {
    return [this, fire](std::span<Firing> slice) -> Result<> {
      sizes.push_back(slice.size());
      for (auto& firing : slice) firing.next_due = TRY(fire(firing.unit, firing.subject, firing.now));
      return {};
    };
  }
  std::vector<size_t> sizes;
};

TEST_F(TimersTest, SlicesGrowWhileEachIsFull) {
  const auto ids = subjects_due(40, AgencyId{new_uuid()});
  Slices slices;
  {
    Timers timers(transactor, clock, {.slice_subjects = 4, .largest_slice_subjects = 10});
    timers.on_parts("sample", slices.recording(firing()));
    timers.start();
    EXPECT_EQ(seen.wait_for(40), ids) << "one thread fires in due order";
    subject_due(clock.now());
    timers.wake();
    seen.wait_for(41);
  }
  EXPECT_THAT(slices.sizes, ElementsAre(4, 8, 10, 10, 8, 1));
}

TEST_F(TimersTest, ALargeSliceThatFailsIsFiredInSmallOnesFirst) {
  const auto ids = subjects_due(12, AgencyId{new_uuid()});
  Slices slices;
  {
    Timers timers(transactor, clock, {.slice_subjects = 4, .largest_slice_subjects = 8});
    timers.on_parts("sample", slices.recording([&](events::UnitOfWork& unit, Uuid subject,
                                                   Instant now) -> Result<std::optional<Instant>> {
      if (subject == ids[10]) return fail(Reason::field_invalid, "a bad row");
      return fire(unit, subject, now);
    }));
    timers.start();
    seen.wait_for(11);
  }
  EXPECT_THAT(slices.sizes, ElementsAre(4, 8, 4, 4, 1, 1, 1, 1));
}

TEST_F(TimersTest, ABacklogIsFiredAgencyByAgency) {
  const std::array agencies_due{AgencyId{new_uuid()}, AgencyId{new_uuid()}};
  for (int number = 0; number < 12; ++number) {
    subject_due(clock.now() - 1h + std::chrono::seconds(number), agencies_due[static_cast<size_t>(number % 2)]);
  }
  std::vector<size_t> changes;  // by slice: how often the next subject is of another agency
  {
    Timers timers(transactor, clock, {.slice_subjects = 4, .largest_slice_subjects = 8});
    timers.on_parts("sample", [&](std::span<Firing> slice) -> Result<> {
      changes.push_back(0);
      std::optional<AgencyId> last;
      for (auto& firing : slice) {
        if (last && *last != firing.unit.agency()) ++changes.back();
        last = firing.unit.agency();
        firing.next_due = TRY(fire(firing.unit, firing.subject, firing.now));
      }
      return {};
    });
    timers.start();
    seen.wait_for(12);
  }
  EXPECT_THAT(changes, ElementsAre(3, 1)) << "the first slice is in due order";
}

// Where two threads wait for each other.
class Meeting {
 public:
  bool wait() {
    std::unique_lock lock(mutex_);
    present_.insert(std::this_thread::get_id());
    changed_.notify_all();
    return changed_.wait_for(lock, 60s, [&] { return present_.size() > 1; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::thread::id> present_;
};

TEST_F(TimersTest, ABacklogIsFiredBySeveralThreads) {
  const auto ids = subjects_due(40, AgencyId{new_uuid()});
  Meeting meeting;
  Timers timers(transactor, clock, {.slice_subjects = 10, .largest_slice_subjects = 10, .sweepers = 2});
  timers.on_parts("sample", [&](std::span<Firing> slice) -> Result<> {
    for (auto& firing : slice) firing.next_due = TRY(fire(firing.unit, firing.subject, firing.now));
    const bool alone = slice.front().subject == ids[0];  // the slice that shows that there is more
    EXPECT_TRUE(alone || meeting.wait()) << "nobody came to help";
    return {};
  });
  timers.start();
  EXPECT_THAT(seen.wait_for(40), UnorderedElementsAreArray(ids));
  for (const auto& id : ids) EXPECT_EQ(fired(id), 1);
}

}  // namespace
}  // namespace holdfast::timers
