#include <fmt/format.h>

#include <functional>
#include <memory>

#include "bench/backlog.h"
#include "bench/bench.h"
#include "bench/relaying.h"
#include "bench/remembered.h"
#include "bench/sweep.h"
#include "runtime/core/call.h"
#include "runtime/events/consumer.h"

namespace holdfast::bench {
namespace {

using std::chrono::steady_clock;

constexpr std::int64_t contracts_of_an_agency = 1000;
constexpr std::int64_t contracts_of_an_account = 10;
constexpr std::int64_t due = 2000;
constexpr int calls = 1000;

constexpr sql::Statement read_thing{"bench.grown_read",
                                    "SELECT text FROM things WHERE id = md5('thing' || $1::bigint)::uuid"};

// What was handled once and is kept: an event of each thing, and a copy.
void fill_copies(const Things& things, const Population& population) {
  things.run(fmt::format(R"sql(
INSERT INTO runtime.inbox SELECT 'before', gen_random_uuid() FROM generate_series(1, {1});
INSERT INTO cards
SELECT lpad(to_hex(1 + n % {0}), 32, '0')::uuid, n, 'x' FROM generate_series(1::bigint, {1}) AS n;)sql",
                         population.agencies, population.things));
  for (const auto* table : {"runtime.inbox", "cards"}) things.run(std::string("VACUUM ANALYZE ") + table);
}

// An installation that has so many contracts, each with a timer, a stream, a handled event and a copy.
struct Grown {
  explicit Grown(const Population& population)
      : population(population),
        topic(new_topic(environment("HOLDFAST_TEST_KAFKA"))),
        remembered(population.things / contracts_of_an_account) {
    fill(things, population);
    fill_copies(things, population);
  }

  Call call_for(std::int64_t number) const {
    return service_call(population.agency_of(number), "bench", std::chrono::seconds(10));
  }
  Result<> command(std::int64_t number) {
    return sweep.transactor.run(call_for(number), [&](events::UnitOfWork& unit) -> Result<> {
      const auto id = TRY(change_thing(unit, number));
      unit.published.push_back(thing_changed(unit.agency(), id, number, unit.now));
      return {};
    });
  }
  Result<> read(std::int64_t number) {
    return sweep.database.read(call_for(number), [&](sql::Transaction& transaction) -> Result<> {
      TRY((transaction.one<std::string>(read_thing, number)));
      return {};
    });
  }
  double median_us(Result<> (Grown::*ask)(std::int64_t)) {
    std::vector<double> took;
    for (int call = 0; call < calls; ++call) {
      const auto began = steady_clock::now();
      require((this->*ask)(population.somewhere(++place)));
      took.push_back(std::chrono::duration<double, std::micro>(steady_clock::now() - began).count());
    }
    return median(std::move(took));
  }
  // With what the commands have left in the outbox gone.
  double relayed_us(std::int64_t events) {
    things.run("TRUNCATE runtime.outbox");
    return 1e6 / relayed_per_second(things, population, topic, events);
  }
  double handled_us() {
    if (!backlog) backlog = std::make_unique<Backlog>(things, population);
    return 1e6 / backlog->handled_per_second(events::Consumer::Options().batch_events);
  }

  const Population population;
  const std::string topic;
  std::int64_t place = 0;
  Things things;
  Sweep sweep{things};
  Remembered remembered;
  std::unique_ptr<Backlog> backlog;  // published when the outbox is empty: its relay takes whatever lies there
};

// Of the smallest size's: what still counts as flat.
constexpr double flat_to = 1.5;

struct Cost {
  const char* name;
  std::function<double(Grown&)> us;
};

std::vector<Cost> costs_of(const Run& run) {
  return {{"command", [](Grown& grown) { return grown.median_us(&Grown::command); }},
          {"read", [](Grown& grown) { return grown.median_us(&Grown::read); }},
          {"near", [](Grown& grown) { return grown.remembered.near_us(); }},
          {"redis", [](Grown& grown) { return grown.remembered.redis_us(); }},
          {"nothing_due", [](Grown& grown) { return median(grown.sweep.looks_ms(calls)) * 1000; }},
          {"fire", [](Grown& grown) { return 1e6 / grown.sweep.per_second(due, in_slices); }},
          {"relay", [&run](Grown& grown) { return grown.relayed_us(run.events); }},
          {"handle", [](Grown& grown) { return grown.handled_us(); }}};
}

}  // namespace

// Each cost at three sizes of what exists, in turn: what is due or asked for is the same.
void measure_growth(const Run& run) {
  std::vector<std::unique_ptr<Grown>> sizes;
  for (const auto times : {1, 10, 100}) {
    const auto contracts = run.contracts * times;
    const auto agencies = std::max<std::int64_t>(1, contracts / contracts_of_an_agency);
    sizes.push_back(std::make_unique<Grown>(Population{.things = contracts, .agencies = agencies}));
  }
  for (const auto& cost : costs_of(run)) {
    std::vector<std::vector<double>> us(sizes.size());
    for (int round = 0; round < run.rounds; ++round) {
      for (size_t size = 0; size < sizes.size(); ++size) us[size].push_back(cost.us(*sizes[size]));
    }
    for (size_t size = 0; size < sizes.size(); ++size) {
      const auto& population = sizes[size]->population;
      report({fmt::format("growth.{}.{}", cost.name, population.things), median(us[size]), "us", std::nullopt,
              spread(us[size]),
              fmt::format("{} contracts of {} agencies", grouped(static_cast<double>(population.things)),
                          grouped(static_cast<double>(population.agencies)))});
    }
    report({fmt::format("growth.{}", cost.name), median(us.back()) / median(us.front()), "of the least",
            at_most(flat_to), spread(us.back()) / median(us.front()), "a hundred times as much, beside the least"});
  }
}

}  // namespace holdfast::bench
