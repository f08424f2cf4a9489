#include "runtime/timers/timers.h"

#include <fmt/format.h>

#include <algorithm>

#include "bench/bench.h"
#include "bench/lateness.h"
#include "bench/sweep.h"

namespace holdfast::bench {

constexpr std::int64_t agencies = 100;

void measure_timers(const Run& run) {
  const Things things;
  fill(things, {.things = run.timers, .agencies = agencies});
  Sweep sweep(things);
  const auto due = std::min<std::int64_t>(50'000, run.timers / (4 * (run.rounds + 1)));
  const auto singly = [](timers::Timers& timers) { timers.on("bench", fire_one); };
  sweep.per_second(due / 5, in_slices);
  const auto fired = in_turn(
      run.rounds, [&] { return sweep.per_second(due, in_slices); }, [&] { return sweep.per_second(due / 5, singly); });
  const auto among = fmt::format("{} timers of {} agencies; each with effect, ledger row and event",
                                 grouped(static_cast<double>(run.timers)), agencies);
  report({"timers.slices", median(fired.a), "fires/s", at_least(40'000), spread(fired.a), among});
  report({"timers.singly", median(fired.b), "fires/s", std::nullopt, spread(fired.b), among});

  std::vector<double> p50, p99;
  for (int round = 0; round < run.rounds; ++round) {
    const auto looks = sweep.looks_ms(1000);
    p50.push_back(percentile(looks, 0.5));
    p99.push_back(percentile(looks, 0.99));
  }
  report({"timers.nothing_due", median(p99), "ms p99", at_most(1), spread(p99),
          fmt::format("p50 {:.2f} ms; a look at its own thread's, right after the firings", median(p50))});
  measure_lateness(run, things);
  measure_foreground(run, things, sweep);
}

}  // namespace holdfast::bench
