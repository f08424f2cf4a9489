#include <fmt/format.h>

#include <functional>
#include <memory>

#include "bench/bench.h"
#include "bench/sweep.h"
#include "runtime/core/call.h"

namespace holdfast::bench {
namespace {

using std::chrono::steady_clock;

constexpr std::int64_t contracts_of_an_agency = 1000;
constexpr std::int64_t due = 2000;
constexpr int calls = 1000;

constexpr sql::Statement read_thing{"bench.grown_read",
                                    "SELECT text FROM things WHERE id = md5('thing' || $1::bigint)::uuid"};

// An installation that has so many contracts, each with a timer and a stream.
struct Grown {
  Grown(std::int64_t rows, std::int64_t agencies) : rows(rows), agencies(agencies) { fill(things, rows, agencies); }

  Call call_for(std::int64_t number) const {
    const auto agency = AgencyId{*parse_uuid(fmt::format("00000000-0000-0000-0000-{:012x}", 1 + number % agencies))};
    return service_call(agency, "bench", std::chrono::seconds(10));
  }
  // Somewhere else each time, so that all of the data is asked for and not what was asked last.
  std::int64_t somewhere() {
    return 1 + static_cast<std::int64_t>((place += 7'919'000'003) % static_cast<std::uint64_t>(rows));
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

  std::int64_t rows, agencies;
  std::uint64_t place = 0;
  Things things;
  Sweep sweep{things};
};

double median_us(Grown& grown, Result<> (Grown::*ask)(std::int64_t)) {
  std::vector<double> took;
  for (int call = 0; call < calls; ++call) {
    const auto began = steady_clock::now();
    require((grown.*ask)(grown.somewhere()));
    took.push_back(std::chrono::duration<double, std::micro>(steady_clock::now() - began).count());
  }
  return median(std::move(took));
}

// Of the smallest size's: what still counts as flat.
constexpr double flat_to = 1.5;

struct Cost {
  const char* name;
  std::function<double(Grown&)> us;
};

}  // namespace

// Each cost at three sizes of what exists, in turn: what is due or asked for is the same.
void measure_growth(const Run& run) {
  const std::vector<Cost> costs{
      {"command", [](Grown& grown) { return median_us(grown, &Grown::command); }},
      {"read", [](Grown& grown) { return median_us(grown, &Grown::read); }},
      {"nothing_due", [](Grown& grown) { return median(grown.sweep.looks_ms(calls)) * 1000; }},
      {"fire", [](Grown& grown) { return 1e6 / grown.sweep.per_second(due, in_slices); }}};
  std::vector<std::unique_ptr<Grown>> sizes;
  for (const auto times : {1, 10, 100}) {
    const auto rows = run.contracts * times;
    sizes.push_back(std::make_unique<Grown>(rows, std::max<std::int64_t>(1, rows / contracts_of_an_agency)));
  }
  for (const auto& cost : costs) {
    std::vector<std::vector<double>> us(sizes.size());
    for (int round = 0; round < run.rounds; ++round) {
      for (size_t size = 0; size < sizes.size(); ++size) us[size].push_back(cost.us(*sizes[size]));
    }
    for (size_t size = 0; size < sizes.size(); ++size) {
      report({fmt::format("growth.{}.{}", cost.name, sizes[size]->rows), median(us[size]), "us", std::nullopt,
              spread(us[size]),
              fmt::format("{} contracts of {} agencies", grouped(static_cast<double>(sizes[size]->rows)),
                          grouped(static_cast<double>(sizes[size]->agencies)))});
    }
    report({fmt::format("growth.{}", cost.name), median(us.back()) / median(us.front()), "of the least",
            at_most(flat_to), spread(us.back()) / median(us.front()), "a hundred times as much, beside the least"});
  }
}

}  // namespace holdfast::bench
