#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "kafka.h"
#include "postgres.h"
#include "redis.h"
#include "runtime/core/uuid.h"
#include "world.h"

namespace holdfast::simulation {

// What a seed came to.
struct Outcome {
  std::vector<std::string> faults;  // none: every promise was kept
  std::uint64_t trace_hash = 0;
  std::int64_t simulated_ms = 0;
  std::int64_t committed = 0, effects = 0;  // what was asked for, and what came of it
};

// One world from a seed: processes work, while they, PostgreSQL, Kafka and Redis fail at random; then peace, until all
// is done. Once a process: what libraries keep is not set back. Never destroyed: what its threads left on their stacks
// points into each other.
class Scenario {
 public:
  virtual ~Scenario() = default;
  Outcome run();

 protected:
  struct Plan {
    int processes = 3;
    Nanoseconds troubled = 16 * second, quiet = 4 * second, peaceful = 120 * second;
    Nanoseconds longest_trouble = 4 * second, least_between = 100 * millisecond, most_between = 3 * second;
  };

  Scenario(std::uint64_t seed, bool traced, Plan plan);

  // What a process does, on a fiber of its own, until it is killed or the troubles end. What it makes is never
  // destroyed.
  virtual void live(Process process) = 0;
  virtual bool is_drained() const = 0;
  virtual void judge(Outcome& outcome) const = 0;
  // What else may break.
  virtual void trouble_more() {}

  bool is_troubled() const { return world_.now < end_of_troubles_; }
  Process any_process() { return static_cast<Process>(world_.random.between(1, plan_.processes)); }

  World world_;
  Postgres postgres_{world_};
  Kafka kafka_{world_};
  Redis redis_{world_};
  const Plan plan_;
  Nanoseconds end_of_troubles_ = 0;
  struct Trouble {
    Nanoseconds from, until;
  };
  std::vector<Trouble> troubles_;

 private:
  void start(Process process);
  void kill(Process process, Nanoseconds back);
  void trouble();
  void strike(Process process);
};

// As the store has it.
std::string stored(const Uuid& id);

// "relay", "consumer", "timers", "contracts", "cache" or "webhooks"; none under another name.
std::unique_ptr<Scenario> make_scenario(const std::string& name, std::uint64_t seed, bool traced);
std::unique_ptr<Scenario> make_relay_scenario(std::uint64_t seed, bool traced);
std::unique_ptr<Scenario> make_consumer_scenario(std::uint64_t seed, bool traced);
std::unique_ptr<Scenario> make_timers_scenario(std::uint64_t seed, bool traced);
std::unique_ptr<Scenario> make_contracts_scenario(std::uint64_t seed, bool traced);
std::unique_ptr<Scenario> make_cache_scenario(std::uint64_t seed, bool traced);
std::unique_ptr<Scenario> make_webhooks_scenario(std::uint64_t seed, bool traced);
// What is set up once a program: before the first seed, not by each seed's process anew.
void prepare(const std::string& name);
void prepare_webhooks();

}  // namespace holdfast::simulation
