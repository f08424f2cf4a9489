#include "bench/lateness.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <future>
#include <iterator>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "runtime/core/call.h"
#include "runtime/core/clock.h"

namespace holdfast::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr auto punctual = "bench.punctual", burst = "bench.burst";
constexpr milliseconds interval{5};        // between two that are to be punctual: 200 a second
constexpr milliseconds until_first{1000};  // by then all are stored
constexpr std::chrono::microseconds storing_one{50}, passing_one_over{2};
constexpr seconds patience{120};

// Timers by the system's clock, each with the effect that a sweep's have.
class Punctual {
 public:
  Punctual(const Things& things, std::int64_t count_of_things)
      : things_(things), count_of_things_(count_of_things), database_(things.options(16)) {
    timers_.on_parts(punctual, [this](std::span<timers::Firing> slice) -> Result<> {
      CHECK_OK(fire_slice(slice));
      for (auto& firing : slice) {
        firing.next_due.reset();
        firing.unit.after_commit.push_back([this, due = firing.due] { note(due); });
      }
      return {};
    });
    timers_.on_parts(burst, [this](std::span<timers::Firing> slice) -> Result<> {
      CHECK_OK(fire_slice(slice));
      for (auto& firing : slice) firing.next_due.reset();
      slice.back().unit.after_commit.push_back([this] { burst_fired_at_ = clock_.now(); });
      return {};
    });
    timers_.start();
  }

  // Milliseconds by which each was late, of those that were due before all of the burst had been fired, or of all.
  std::vector<double> late_ms(std::int64_t count, std::int64_t of_burst) {
    const auto began = timers_.fired();
    const auto first =
        clock_.now() + until_first + (count + of_burst) * storing_one + count_of_things_ * passing_one_over;
    {
      const std::lock_guard lock(mutex_);
      fired_.clear();
    }
    set(burst, of_burst, 0, first, milliseconds(0));
    set(punctual, count, of_burst, first, interval);
    if (clock_.now() > first) throw std::runtime_error("the timers were due before they were stored");
    const auto until = steady_clock::now() + patience;
    while (timers_.fired() < began + count + of_burst) {
      if (steady_clock::now() > until) throw std::runtime_error("the timers do not fire");
      std::this_thread::sleep_for(milliseconds(10));
    }
    return of_burst > 0 ? late_before(burst_fired_at_) : late_before(Instant::max());
  }

 private:
  struct Fired {
    Instant due;
    Duration late;
  };

  // So many things from `behind` on, the first at `first`, the others each `apart` from the one before it.
  void set(const char* kind, std::int64_t count, std::int64_t behind, Instant first, milliseconds apart) const {
    things_.run(fmt::format(R"sql(
INSERT INTO runtime.timers (kind, agency_id, subject_id, next_due)
SELECT '{}', agency_id, id, timestamptz '{}' + (number - {} - 1) * interval '{} ms'
FROM things WHERE number > {} AND number <= {};)sql",
                            kind, format_instant(first), behind, apart.count(), behind, behind + count));
  }

  void note(Instant due) {
    const std::lock_guard lock(mutex_);
    fired_.push_back({due, clock_.now() - due});
  }

  std::vector<double> late_before(Instant end) {
    const std::lock_guard lock(mutex_);
    std::vector<double> late;
    for (const auto& fired : fired_) {
      if (fired.due < end) late.push_back(std::chrono::duration<double, std::milli>(fired.late).count());
    }
    return late;
  }

  const Things& things_;
  const std::int64_t count_of_things_;
  SystemClock clock_;
  sql::Database database_;
  events::Outbox outbox_;
  events::Transactor transactor_{database_, outbox_, clock_};
  std::mutex mutex_;  // guards the next
  std::vector<Fired> fired_;
  std::atomic<Instant> burst_fired_at_{};
  timers::Timers timers_{transactor_, clock_, {.sweepers = 2}};
};

void report_late(const std::string& name, double goal_ms, const std::vector<std::vector<double>>& rounds,
                 const std::string& meanwhile) {
  std::vector<double> p50, p99;
  for (const auto& late : rounds) {
    p50.push_back(percentile(late, 0.5));
    p99.push_back(percentile(late, 0.99));
  }
  report({name, median(p99), "ms p99", at_most(goal_ms), spread(p99),
          fmt::format("p50 {:.1f} ms; {} a second, {}", median(p50), seconds(1) / interval, meanwhile)});
}

// Commands that come at a fixed rate, whatever becomes of those before them.
class Foreground {
 public:
  explicit Foreground(const Things& things) : database_(things.options(callers)) {
    things.run(
        fmt::format("INSERT INTO things SELECT '{}', md5('thing' || n)::uuid, n, 'as it is', 'open', now(), 1 "
                    "FROM generate_series({}, {}) AS n",
                    to_string(agency), first_thing, first_thing + count_of_things - 1));
  }

  // Milliseconds from when each should have begun until it was acknowledged, while `goes_on`.
  std::vector<double> taken_ms(const std::function<bool()>& goes_on) {
    const auto began = steady_clock::now();
    std::vector<std::future<std::vector<double>>> asking;
    for (int caller = 0; caller < callers; ++caller) {
      asking.push_back(std::async(std::launch::async, [&, caller] {
        std::vector<double> taken;
        for (auto due = began + caller * apart; goes_on(); due += callers * apart) {
          std::this_thread::sleep_until(due);
          require(command());
          taken.push_back(std::chrono::duration<double, std::milli>(steady_clock::now() - due).count());
        }
        return taken;
      }));
    }
    std::vector<double> all;
    for (auto& caller : asking) std::ranges::copy(caller.get(), std::back_inserter(all));
    return all;
  }

 private:
  static constexpr int callers = 8;
  static constexpr milliseconds apart{5};
  static constexpr std::int64_t first_thing = 1'000'000'000, count_of_things = 1000;

  Result<> command() {
    const auto number = first_thing + next_++ % count_of_things;
    return transactor_.run(service_call(agency, "bench", seconds(30)), [&](events::UnitOfWork& unit) -> Result<> {
      const auto id = TRY(change_thing(unit, number));
      unit.published.push_back(thing_changed(agency, id, number, unit.now));
      return {};
    });
  }

  SystemClock clock_;
  sql::Database database_;
  events::Outbox outbox_;
  events::Transactor transactor_{database_, outbox_, clock_};
  std::atomic<std::int64_t> next_{0};
};

}  // namespace

void measure_lateness(const Run& run, const Things& things) {
  Punctual timers(things, run.timers);
  const auto count = run.round / interval;
  const auto of_burst = std::min<std::int64_t>(100'000, run.timers / 4);
  std::vector<std::vector<double>> alone, beside;
  for (int round = 0; round < run.rounds; ++round) {
    alone.push_back(timers.late_ms(2 * count, 0));
    beside.push_back(timers.late_ms(4 * count, of_burst));
  }
  report_late("timers.lateness", 15, alone, "nothing else due");
  report_late("timers.burst_lateness", 250, beside,
              fmt::format("of another kind than the {} that are due at once", grouped(static_cast<double>(of_burst))));
}

void measure_foreground(const Run& run, const Things& things, Sweep& sweep) {
  Foreground foreground(things);
  const auto due = std::min<std::int64_t>(50'000, run.timers / (4 * (run.rounds + 1)));
  std::vector<double> fired;
  const auto p99 = in_turn(
      run.rounds,
      [&] {
        auto sweeping = std::async(std::launch::async, [&] { return sweep.per_second(due, in_slices); });
        const auto goes_on = [&] { return sweeping.wait_for(seconds(0)) != std::future_status::ready; };
        const auto taken = foreground.taken_ms(goes_on);
        fired.push_back(sweeping.get());
        return percentile(taken, 0.99);
      },
      [&] {
        const auto until = steady_clock::now() + run.round;
        return percentile(foreground.taken_ms([&] { return steady_clock::now() < until; }), 0.99);
      });
  report({"timers.foreground", p99.ratio(), "of p99 without", at_most(1.3), p99.ratio_spread(),
          fmt::format("{:.1f} of {:.1f} ms, commands with an event, 200/s; {} fires/s meanwhile", median(p99.a),
                      median(p99.b), grouped(median(fired)))});
}

}  // namespace holdfast::bench
