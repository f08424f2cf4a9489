#include <fmt/format.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "bench/bench.h"
#include "bench/things.h"
#include "runtime/core/call.h"
#include "runtime/events/unit_of_work.h"

namespace holdfast::bench {
namespace {

using std::chrono::steady_clock;

constexpr int callers = 8;
constexpr std::int64_t accounts = 2000;

// A command as a service's are: load and lock, store, publish or not, commit.
struct Commands {
  explicit Commands(const Things& things) : database(things.options(callers)) {
    things.run(
        fmt::format("INSERT INTO things SELECT '{}', md5('thing' || n)::uuid, n, 'as it is', 'open', now(), 1 "
                    "FROM generate_series(0, {}) AS n",
                    to_string(agency), accounts - 1));
  }

  Result<> run(std::int64_t number, bool publishes) {
    const auto call = service_call(agency, "bench", std::chrono::seconds(10));
    return transactor.run(call, [&](events::UnitOfWork& unit) -> Result<> {
      const auto id = TRY(change_thing(unit, number % accounts));
      if (publishes) unit.published.push_back(thing_changed(agency, id, number, unit.now));
      return {};
    });
  }

  double per_second(std::chrono::milliseconds time, bool publishes) {
    std::atomic<std::int64_t> done{0};
    std::atomic<bool> failed{false};
    const auto until = steady_clock::now() + time;
    {
      std::vector<std::jthread> threads;
      for (int caller = 0; caller < callers; ++caller) {
        threads.emplace_back([&, caller] {
          for (std::int64_t number = caller; steady_clock::now() < until; number += 17) {
            if (!run(number, publishes)) failed = true;
            ++done;
          }
        });
      }
    }
    if (failed) throw std::runtime_error("a command failed");
    return static_cast<double>(done) * 1000 / static_cast<double>(time.count());
  }

  SystemClock clock;
  sql::Database database;
  events::Outbox outbox;
  events::Transactor transactor{database, outbox, clock};
};

}  // namespace

void measure_outbox(const Run& run) {
  const Things things;
  Commands commands(things);
  commands.per_second(run.round / 4, true);
  const auto done = in_turn(
      run.rounds, [&] { return commands.per_second(run.round, true); },
      [&] { return commands.per_second(run.round, false); });
  report({"outbox.command", done.ratio(), "of commands/s", at_least(0.88), done.ratio_spread(),
          fmt::format("{} of {}/s, the same without an event; {} callers, {} accounts", grouped(median(done.a)),
                      grouped(median(done.b)), callers, accounts)});
}

}  // namespace holdfast::bench
