// What tools/bench runs: what Holdfast's parts cost beside the barest thing that does the same, measured in turn in one
// run.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "bench/bench.h"
#include "runtime/log/log.h"

namespace holdfast::bench {
namespace {

struct Group {
  const char* name;
  void (*measure)(const Run&);
};

constexpr std::array groups{Group{"rpc", measure_rpc},           Group{"instructions", measure_instructions},
                            Group{"metrics", measure_metrics},   Group{"lookup", measure_lookup},
                            Group{"outbox", measure_outbox},     Group{"relay", measure_relay},
                            Group{"delivery", measure_delivery}, Group{"timers", measure_timers},
                            Group{"overload", measure_overload}, Group{"growth", measure_growth},
                            Group{"absences", measure_absences}, Group{"cache", measure_cache}};

int run_groups(const Run& run, const std::vector<std::string>& wanted) {
  for (const auto& group : groups) {
    if (!wanted.empty() && std::ranges::find(wanted, group.name) == wanted.end()) continue;
    try {
      group.measure(run);
    } catch (const std::exception& thrown) {
      fmt::print(stderr, "holdfast: {} could not be measured: {}\n", group.name, thrown.what());
      return 1;
    }
  }
  return 0;
}

}  // namespace

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) throw std::runtime_error(std::string(name) + " is not set: run tools/bench");
  return value;
}

}  // namespace holdfast::bench

int main(int argc, char** argv) {
  using namespace holdfast::bench;
  CLI::App arguments("What Holdfast's parts cost, beside the barest thing that does the same.");
  std::vector<std::string> wanted;
  std::string served;
  bool must_meet = false;
  Run run;
  std::vector<std::string> names;
  for (const auto& group : groups) names.emplace_back(group.name);
  arguments.add_option("NAME", wanted, "only these")->check(CLI::IsMember(names));
  arguments.add_option("--rounds", run.rounds, "of A and B in turn");
  arguments.add_option("--timers", run.timers, "rows among which few are due");
  arguments.add_option("--events", run.events, "in the outbox that is relayed");
  arguments.add_option("--contracts", run.contracts, "the least that growth begins with");
  arguments.add_option("--serve", served, "for itself: the other side of rpc and lookup");
  arguments.add_option("--instructions", run.instructions, "the goal for a call through the adapter, of a bare echo's");
  arguments.add_flag("--must-meet", must_meet, "end with 1 if a goal is missed: for what is the same on every machine");
  CLI11_PARSE(arguments, argc, argv);
  if (!served.empty()) return serve(served);
  const int failed = run_groups(run, wanted);
  return must_meet && !all_met() ? 1 : failed;
}
