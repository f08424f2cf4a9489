// Commands set timers of two kinds, every process fires them; its clock jumps, and firings fail.

#include <chrono>
#include <map>

#include "checks.h"
#include "runtime/core/clock.h"
#include "runtime/events/unit_of_work.h"
#include "runtime/sql/database.h"
#include "runtime/timers/timers.h"
#include "scenario.h"

namespace holdfast::simulation {
namespace {

using std::chrono::milliseconds;

constexpr sql::Statement insert_fact{"simulation.insert_fact", "INSERT INTO facts VALUES ($1::uuid)"};
constexpr sql::Statement insert_next_effect{
    "simulation.insert_next_effect",
    "INSERT INTO effects SELECT $1::text, $2::uuid, 1 + count(*) FROM effects WHERE cause = $1 AND subject = $2 "
    "RETURNING number"};
constexpr int agencies = 12, processes = 2;
const std::string kinds[] = {"simulation.first", "simulation.second"};

// The world's time, and by how much a process is wrong about it.
struct ProcessClock final : Clock {
  Instant now() const override { return SystemClock().now() + wrong_by; }
  Duration wrong_by{0};
};

struct Service {
  explicit Service(const Clock& clock) : clock(clock) {}

  const Clock& clock;
  sql::Database database{{.url = "simulated", .pool_size = 4, .constraints = {}}};
  events::Outbox outbox;
  events::Transactor transactor{database, outbox, clock};
  timers::Timers timers{transactor,
                        clock,
                        {.slice_subjects = 4,
                         .largest_slice_subjects = 16,
                         .sweepers = 2,
                         .poll = milliseconds(500),
                         .patience = milliseconds(5000)}};
};

// How often a subject's timer comes, and of which kind it is.
int firings_of(std::string_view subject) { return 1 + static_cast<unsigned char>(subject[15]) % 3; }
const std::string& kind_of(std::string_view subject) { return kinds[static_cast<unsigned char>(subject[14]) % 2]; }

class TimersScenario final : public Scenario {
 public:
  TimersScenario(std::uint64_t seed, bool traced) : Scenario(seed, traced, {.processes = processes}) {
    for (int number = 0; number < agencies; ++number) agencies_.push_back(AgencyId{new_uuid()});
  }

 private:
  void live(Process process) override {
    auto* service = new Service(clocks_[process]);
    service->timers.on(
        kinds[0], [this](events::UnitOfWork& unit, Uuid subject, Instant now) { return fire(unit, subject, now); });
    service->timers.on_slice(kinds[1], [this](std::span<timers::Firing> slice) { return fire_slice(slice); });
    service->timers.start();
    while (is_troubled()) {
      world_.let_pass(world_.random.between(1, 700) * millisecond);
      if (is_troubled()) command(*service);
    }
  }

  Result<std::optional<Instant>> fire(events::UnitOfWork& unit, Uuid subject, Instant now) {
    auto& random = world_.random;
    if (random.once_in(20)) world_.let_pass(random.between(1, 300) * millisecond);
    const auto id = stored(subject);
    const auto number = TRY(unit.transaction.one<std::int64_t>(insert_next_effect, kind_of(id), subject));
    if (random.once_in(20)) return fail(Reason::internal, "a firing fails on purpose");
    if (number == firings_of(id)) return std::optional<Instant>();
    return std::optional(now + milliseconds(random.between(0, 2000)));
  }

  Result<> fire_slice(std::span<timers::Firing> slice) {
    for (auto& firing : slice) firing.next_due = TRY(fire(firing.unit, firing.subject, firing.now));
    return {};
  }

  // New subjects with their timers, of which some are due at once.
  void command(Service& service) {
    auto& random = world_.random;
    const auto agency = agencies_[static_cast<size_t>(random.between(0, agencies - 1))];
    std::vector<Uuid> subjects(static_cast<size_t>(random.once_in(10) ? random.between(2, 12) : 1));
    for (auto& subject : subjects) subject = new_uuid();
    const auto call = service_call(agency, "simulation", milliseconds(random.between(50, 3000)));
    const auto done = service.transactor.run(call, [&](events::UnitOfWork& unit) -> Result<> {
      for (const auto& subject : subjects) {
        CHECK_OK(unit.transaction.exec(insert_fact, subject));
        const auto due = service.clock.now() + milliseconds(random.between(-1000, 3000));
        timers::Timers::set(unit, kind_of(stored(subject)), subject, due);
      }
      if (random.once_in(10)) world_.let_pass(random.between(1, 300) * millisecond);
      if (random.once_in(2)) unit.hints.emplace_back([&service] { service.timers.wake(); });
      return {};
    });
    if (!done) return;
    for (const auto& subject : subjects) told_.acknowledged.insert(stored(subject));
  }

  void trouble_more() override {
    const auto process = any_process();
    clocks_[process].wrong_by = milliseconds(world_.random.between(-30'000, 30'000));
    world_.trace("the clock of process ", process, " jumps");
  }

  bool is_drained() const override { return postgres_.store.tables.timers.empty(); }

  void judge(Outcome& outcome) const override {
    outcome.faults = faults_of_timers(postgres_.store, told_, [](std::string_view subject) {
      return std::pair(kind_of(subject), firings_of(subject));
    });
    outcome.committed = std::ssize(postgres_.store.tables.facts);
    outcome.effects = std::ssize(postgres_.store.tables.effects);
  }

  Told told_;
  std::vector<AgencyId> agencies_;
  std::map<Process, ProcessClock> clocks_;
};

}  // namespace

std::unique_ptr<Scenario> make_timers_scenario(std::uint64_t seed, bool traced) {
  return std::make_unique<TimersScenario>(seed, traced);
}

}  // namespace holdfast::simulation
