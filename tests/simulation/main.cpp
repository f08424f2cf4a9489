// simulation [--scenario NAME] --seed N [--trace]: one seed, and what came of it.
// simulation [--scenario NAME] [--seeds N] [--seconds N] [--from N]: one seed after the other, each in a process of its
// own, until so many are done or so much processor time is used.

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "runtime/log/log.h"
#include "scenario.h"

namespace {

using holdfast::simulation::make_scenario;
using holdfast::simulation::Outcome;

struct Options {
  std::string scenario = "relay";
  std::uint64_t from = 1;
  std::int64_t seeds = 0;
  double seconds = 0;
  bool one = false, traced = false;
};

[[noreturn]] void explain() {
  std::fputs(
      "usage: simulation [--scenario NAME] --seed N [--trace] | [--from N] [--seeds N] [--seconds N]\n"
      "scenarios: relay, consumer, timers, contracts, cache, webhooks\n",
      stderr);
  std::exit(2);
}

Options options_of(int count, char** words) {
  Options options;
  for (int place = 1; place < count; ++place) {
    const std::string word = words[place];
    if (word == "--trace") {
      options.traced = true;
      continue;
    }
    if (++place == count) explain();
    if (word == "--scenario") {
      options.scenario = words[place];
    } else if (word == "--seed") {
      options.one = true;
      options.from = std::strtoull(words[place], nullptr, 10);
    } else if (word == "--from") {
      options.from = std::strtoull(words[place], nullptr, 10);
    } else if (word == "--seeds") {
      options.seeds = std::atoll(words[place]);
    } else if (word == "--seconds") {
      options.seconds = std::atof(words[place]);
    } else {
      explain();
    }
  }
  if (!options.one && options.seeds == 0 && options.seconds == 0) options.seeds = 1000;
  return options;
}

Outcome simulate(const std::string& name, std::uint64_t seed, bool traced) {
  auto scenario = make_scenario(name, seed, traced);
  if (!scenario) explain();
  return scenario.release()->run();
}

double processor_seconds() {
  double sum = 0;
  for (const auto who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    ::getrusage(who, &usage);
    for (const auto& part : {usage.ru_utime, usage.ru_stime}) {
      sum += static_cast<double>(part.tv_sec) + static_cast<double>(part.tv_usec) / 1e6;
    }
  }
  return sum;
}

struct Report {
  std::int64_t faults = 0, simulated_ms = 0, committed = 0, effects = 0;
};

// The child's figures come through a pipe; a child that dies is a fault too.
Report run_seed(const std::string& scenario, std::uint64_t seed) {
  int ends[2];
  if (::pipe(ends) != 0) std::abort();
  std::fflush(stdout);  // or the child would print it again
  const auto child = ::fork();
  if (child == 0) {
    const auto outcome = simulate(scenario, seed, false);
    for (const auto& fault : outcome.faults) {
      std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), fault.c_str());
    }
    std::fflush(stdout);
    const Report report{std::ssize(outcome.faults), outcome.simulated_ms, outcome.committed, outcome.effects};
    const bool is_told = ::write(ends[1], &report, sizeof report) == sizeof report;
    ::_exit(is_told ? 0 : 1);
  }
  ::close(ends[1]);
  Report report;
  const bool is_told = ::read(ends[0], &report, sizeof report) == sizeof report;
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  if (!is_told) {
    std::printf("seed %llu: the program died\n", static_cast<unsigned long long>(seed));
    report.faults = 1;
  }
  return report;
}

int run_one(const Options& options) {
  const auto outcome = simulate(options.scenario, options.from, options.traced);
  for (const auto& fault : outcome.faults) std::printf("fault: %s\n", fault.c_str());
  std::printf("seed %llu: %zu faults, %.1f s simulated, %lld committed, %lld effects, trace %016llx\n",
              static_cast<unsigned long long>(options.from), outcome.faults.size(),
              static_cast<double>(outcome.simulated_ms) / 1e3, static_cast<long long>(outcome.committed),
              static_cast<long long>(outcome.effects), static_cast<unsigned long long>(outcome.trace_hash));
  std::fflush(stdout);
  return outcome.faults.empty() ? 0 : 1;
}

int run_many(const Options& options) {
  Report sum;
  std::int64_t done = 0, failed = 0;
  while ((options.seeds == 0 || done < options.seeds) &&
         (options.seconds == 0 || processor_seconds() < options.seconds)) {
    const auto report = run_seed(options.scenario, options.from + static_cast<std::uint64_t>(done++));
    failed += report.faults > 0 ? 1 : 0;
    sum.simulated_ms += report.simulated_ms;
    sum.committed += report.committed;
    sum.effects += report.effects;
  }
  const auto used = processor_seconds();
  std::printf(
      "%lld seeds, %lld with faults; %.0f seeds a minute of processor, %.0f times real time; %lld committed, "
      "%lld effects\n",
      static_cast<long long>(done), static_cast<long long>(failed), static_cast<double>(done) * 60 / used,
      static_cast<double>(sum.simulated_ms) / 1e3 / used, static_cast<long long>(sum.committed),
      static_cast<long long>(sum.effects));
  if (failed > 0) std::printf("replay one with: simulation --scenario %s --seed N --trace\n", options.scenario.c_str());
  return failed > 0 ? 1 : 0;
}

}  // namespace

int main(int count, char** words) {
  const auto options = options_of(count, words);
  // Whoever writes waits for a descriptor that is none, in time of the machine's own: 100 ms a line.
  const int unread = ::open("/dev/null", O_WRONLY);
  holdfast::log::start({.level = holdfast::log::Level::error, .descriptor = options.traced ? 2 : unread});
  holdfast::simulation::prepare(options.scenario);
  const int status = options.one ? run_one(options) : run_many(options);
  std::fflush(stdout);
  ::_exit(status);  // the world's threads have no end
}
