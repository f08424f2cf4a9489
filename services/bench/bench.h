#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "bench/measure.h"
#include "runtime/core/result.h"

namespace holdfast::bench {

// What a run is told.
struct Run {
  int rounds = 3;
  std::chrono::milliseconds round{2000};  // of a closed loop
  std::int64_t timers = 1'000'000;        // rows among which few are due
  std::int64_t events = 100'000;          // of an outbox that is relayed
  std::int64_t contracts = 100'000;       // the least that growth begins with; it ends with a hundred times as many
  double instructions = 1.2;              // the goal of a call through the adapter, in calls of a bare echo
};

// Each prints its measures. They use the servers that tools/servers has named in the environment, and throw when
// something is not there.
void measure_rpc(const Run& run);
void measure_instructions(const Run& run);
void measure_metrics(const Run& run);
void measure_lookup(const Run& run);
void measure_cache(const Run& run);
void measure_outbox(const Run& run);
void measure_overload(const Run& run);
void measure_absences(const Run& run);
void measure_relay(const Run& run);
void measure_delivery(const Run& run);
void measure_timers(const Run& run);
void measure_growth(const Run& run);

// The other side of rpc and lookup, in a process of its own: prints its port, serves until its input ends.
int serve(const std::string& what);

// For what must succeed if anything is to be measured.
template <class T>
T require(Result<T> result) {
  if (!result) throw std::runtime_error(describe(result.error()));
  return *std::move(result);
}

std::string environment(const char* name);

}  // namespace holdfast::bench
