#include "scenario.h"

#include <chrono>
#include <memory>

#include "checks.h"
#include "kafka.h"
#include "postgres.h"
#include "runtime/core/clock.h"
#include "runtime/events/relay.h"
#include "runtime/events/unit_of_work.h"
#include "runtime/sql/database.h"
#include "world.h"

namespace holdfast::simulation {
namespace {

using std::chrono::milliseconds;

constexpr sql::Statement insert_fact{"simulation.insert_fact", "INSERT INTO facts VALUES ($1::uuid)"};

// Troubles for so long, then peace, in which everything has to come to an end.
constexpr Nanoseconds troubled = 16 * second, quiet = 4 * second, peaceful = 120 * second;
constexpr int processes = 3, streams = 4;

// What one process is made of: the runtime's own parts, as a service puts them together.
struct Service {
  Service(const std::vector<AgencyId>& agencies, Told& told, Process number)
      : agencies(agencies), told(told), number(number) {}

  sql::Database database{{.url = "simulated", .pool_size = 4, .constraints = {}}};
  SystemClock clock;
  events::Outbox outbox;
  events::Transactor transactor{database, outbox, clock};
  events::Relay relay{database,
                      outbox,
                      {.name = "relay",
                       .brokers = events::kafka::Brokers{"simulated"},
                       .batch_events = 20,
                       .poll = milliseconds(400),
                       .lease = milliseconds(2000),
                       .patience = milliseconds(5000)}};
  const std::vector<AgencyId>& agencies;
  Told& told;
  const Process number;
};

std::string bytes_of(const Uuid& id) { return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()}; }

events::Event event_of(AgencyId agency) {
  return {.id = new_uuid(),
          .agency = agency,
          .topic = "holdfast.simulated",
          .key = to_string(agency),
          .type = "holdfast.simulated-happened.v1",
          .occurred_at = SystemClock().now(),
          .payload = "happened"};
}

// A command: a fact and one to three events, of which the first has its id.
void command(Service& service) {
  auto& random = World::current()->random;
  std::vector<events::Event> events;
  for (auto count = random.once_in(3) ? random.between(2, 3) : 1; count > 0; --count) {
    events.push_back(event_of(service.agencies[static_cast<size_t>(random.between(0, streams - 1))]));
  }
  const auto fact = events.front().id;
  const auto call = service_call(events.front().agency, "simulation", milliseconds(random.between(50, 3000)));
  const bool slow = random.once_in(10);
  const auto done = service.transactor.run(call, [&](events::UnitOfWork& unit) -> Result<> {
    CHECK_OK(unit.transaction.exec(insert_fact, fact));
    if (slow) World::current()->let_pass(random.between(1, 300) * millisecond);
    unit.published = events;
    return {};
  });
  if (done) service.told.acknowledged.insert(bytes_of(fact));
}

class Scenario {
 public:
  Scenario(std::uint64_t seed, bool traced) : world_(seed, traced) {
    for (int stream = 0; stream < streams; ++stream) agencies_.push_back(AgencyId{new_uuid()});
  }

  Outcome run() {
    const auto begun = world_.now;
    end_of_troubles_ = begun + troubled;
    for (Process process = 1; process <= processes; ++process) start(process);
    world_.at(begun + second, [this] { trouble(); });
    const bool alive = world_.run([&] { return is_drained() || world_.now > end_of_troubles_ + peaceful; });
    Outcome outcome;
    outcome.faults = faults_of(postgres_.store, kafka_, told_);
    if (!alive) outcome.faults.emplace_back("deadlock: nothing can happen any more");
    outcome.trace_hash = world_.trace_hash();
    outcome.simulated_ms = (world_.now - begun) / millisecond;
    outcome.committed = static_cast<std::int64_t>(postgres_.store.all_committed.size());
    for (const auto& log : kafka_.log) outcome.appended += std::ssize(log);
    return outcome;
  }

 private:
  bool is_drained() const { return world_.now > end_of_troubles_ + quiet && postgres_.store.outbox.empty(); }

  void start(Process process) {
    world_.trace("process " + std::to_string(process) + " starts");
    world_.spawn(process, [this, process] {
      auto* service = new Service(agencies_, told_, process);  // a process that is killed destroys nothing
      service->relay.start();
      while (world_.now < end_of_troubles_) {
        world_.let_pass(world_.random.between(1, 300) * millisecond);
        if (world_.now < end_of_troubles_) command(*service);
      }
    });
  }

  void kill(Process process, Nanoseconds back) {
    world_.kill(process);
    postgres_.cut(process);
    kafka_.cut(process);
    world_.at(back, [this, process] { start(process); });
  }

  // One thing breaks, for a while; then the next.
  void trouble() {
    if (world_.now >= end_of_troubles_) return;
    auto& random = world_.random;
    const auto process = static_cast<Process>(random.between(1, processes));
    const auto until = world_.now + random.between(1, 4000) * millisecond;
    switch (random.between(1, 5)) {
      case 1:
        world_.trace("process " + std::to_string(process) + " is killed");
        kill(process, until);
        break;
      case 2:
        world_.trace("process " + std::to_string(process) + " is stopped");
        world_.pause(process, until);
        break;
      case 3:
        world_.trace("connections of process " + std::to_string(process) + " are cut");
        postgres_.cut(process);
        break;
      case 4:
        world_.trace("postgres crashes");
        postgres_.crash(until);
        break;
      default:
        world_.trace("kafka is away");
        kafka_.go_away(until);
    }
    world_.at(world_.now + random.between(100, 3000) * millisecond, [this] { trouble(); });
  }

  World world_;
  Postgres postgres_{world_};
  Kafka kafka_{world_};
  Told told_;
  std::vector<AgencyId> agencies_;
  Nanoseconds end_of_troubles_ = 0;
};

}  // namespace

// It is never destroyed: what its threads left on their stacks points into each other.
Outcome simulate(std::uint64_t seed, bool traced) { return (new Scenario(seed, traced))->run(); }

}  // namespace holdfast::simulation
