#include "scenario.h"

#include "statements.h"

namespace holdfast::simulation {

Scenario::Scenario(std::uint64_t seed, bool traced, Plan plan) : world_(seed, traced), plan_(plan) {}

Outcome Scenario::run() {
  const auto begun = world_.now;
  end_of_troubles_ = begun + plan_.troubled;
  for (Process process = 1; process <= plan_.processes; ++process) start(process);
  world_.at(begun + plan_.least_between, [this] { trouble(); });
  const bool alive = world_.run([this] {
    return (world_.now > end_of_troubles_ + plan_.quiet && is_drained()) ||
           world_.now > end_of_troubles_ + plan_.peaceful;
  });
  Outcome outcome;
  judge(outcome);
  if (!alive) outcome.faults.emplace_back("deadlock: nothing can happen any more");
  outcome.trace_hash = world_.trace_hash();
  outcome.simulated_ms = (world_.now - begun) / millisecond;
  return outcome;
}

void Scenario::start(Process process) {
  world_.trace("process ", process, " starts");
  world_.spawn(process, [this, process] { live(process); });
}

void Scenario::kill(Process process, Nanoseconds back) {
  world_.kill(process);
  postgres_.cut(process);
  kafka_.cut(process);
  redis_.cut(process);
  world_.at(back, [this, process] { start(process); });
}

// One thing breaks, at once or in the middle of somebody's next transaction; then the next.
void Scenario::trouble() {
  if (!is_troubled()) return;
  auto& random = world_.random;
  if (random.once_in(2)) {
    strike(any_process());
  } else {
    postgres_.when_writing([this](Process process) { strike(process); });
  }
  const auto pause = random.between(plan_.least_between / millisecond, plan_.most_between / millisecond);
  world_.at(world_.now + pause * millisecond, [this] { trouble(); });
}

void Scenario::strike(Process process) {
  if (!is_troubled()) return;
  auto& random = world_.random;
  const auto until = world_.now + random.between(1, plan_.longest_trouble / millisecond) * millisecond;
  troubles_.push_back({world_.now, until});
  switch (random.between(1, 6)) {
    case 1:
      world_.trace("process ", process, " is killed");
      kill(process, until);
      break;
    case 2:
      world_.trace("process ", process, " is stopped");
      world_.pause(process, until);
      break;
    case 3:
      world_.trace("connections of process ", process, " are cut");
      postgres_.cut(process);
      break;
    case 4:
      world_.trace("postgres crashes");
      postgres_.crash(until);
      break;
    case 5:
      world_.trace("kafka is away");
      kafka_.go_away(until);
      break;
    default:
      trouble_more();
  }
}

std::string stored(const Uuid& id) { return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()}; }

void prepare(const std::string& name) {
  statements();
  if (name == "webhooks") prepare_webhooks();
}

std::unique_ptr<Scenario> make_scenario(const std::string& name, std::uint64_t seed, bool traced) {
  if (name == "relay") return make_relay_scenario(seed, traced);
  if (name == "consumer") return make_consumer_scenario(seed, traced);
  if (name == "timers") return make_timers_scenario(seed, traced);
  if (name == "contracts") return make_contracts_scenario(seed, traced);
  if (name == "cache") return make_cache_scenario(seed, traced);
  if (name == "webhooks") return make_webhooks_scenario(seed, traced);
  return nullptr;
}

}  // namespace holdfast::simulation
