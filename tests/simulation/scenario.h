#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace holdfast::simulation {

// What a seed came to.
struct Outcome {
  std::vector<std::string> faults;  // none: every promise was kept
  std::uint64_t trace_hash = 0;
  std::int64_t simulated_ms = 0;
  std::int64_t committed = 0, appended = 0;
};

// One world from the seed: processes with a relay each write, while they, PostgreSQL and Kafka fail at random; then
// peace, until all is drained. Once a process: what libraries keep is not set back.
Outcome simulate(std::uint64_t seed, bool traced);

}  // namespace holdfast::simulation
