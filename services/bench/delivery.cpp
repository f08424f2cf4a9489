#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <stdexcept>
#include <thread>

#include "bench/backlog.h"
#include "bench/bare_kafka.h"
#include "bench/bench.h"
#include "bench/things.h"
#include "runtime/core/call.h"
#include "runtime/events/consumer.h"
#include "runtime/events/relay.h"

namespace holdfast::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::int64_t per_second = 500;

// When what was sent and when it arrived, by number.
class Journeys {
 public:
  explicit Journeys(std::int64_t count) : left_(static_cast<size_t>(count)), arrived_(static_cast<size_t>(count)) {}

  void leaves(std::int64_t number) { left_[static_cast<size_t>(number)] = now(); }
  void arrives(std::int64_t number) {
    arrived_[static_cast<size_t>(number)] = now();
    ++count_;
  }
  void wait() const {
    const auto until = steady_clock::now() + std::chrono::seconds(60);
    while (count_ < left_.size()) {
      if (steady_clock::now() > until) throw std::runtime_error("not everything that was sent arrived");
      std::this_thread::sleep_for(milliseconds(1));
    }
  }
  // Without the first tenth, which finds everything cold.
  std::vector<double> took_ms() const {
    std::vector<double> took;
    for (size_t number = left_.size() / 10; number < left_.size(); ++number) {
      took.push_back(static_cast<double>(arrived_[number] - left_[number]) / 1e6);
    }
    return took;
  }

 private:
  static std::int64_t now() { return steady_clock::now().time_since_epoch().count(); }

  std::vector<std::atomic<std::int64_t>> left_, arrived_;
  std::atomic<size_t> count_{0};
};

// `send(number)` at fixed instants, whatever the last one took: four callers take the next instant in turn.
void at_a_fixed_rate(std::int64_t count, const std::function<void(std::int64_t)>& send) {
  std::atomic<std::int64_t> next{0};
  const auto began = steady_clock::now();
  std::vector<std::jthread> callers;
  for (int caller = 0; caller < 4; ++caller) {
    callers.emplace_back([&] {
      for (auto number = next++; number < count; number = next++) {
        std::this_thread::sleep_until(began + std::chrono::microseconds(number * 1'000'000 / per_second));
        send(number);
      }
    });
  }
}

// From a commit's return to the handler's beginning.
struct Ours {
  Ours(const Things& things, const std::string& brokers, std::string topic)
      : topic(std::move(topic)),
        database(things.options(16)),
        relay(database, outbox, {"relay", brokers}),
        consumer(transactor, {.group = this->topic, .brokers = brokers, .topics = {this->topic}}) {
    consumer.on("bench", "", [this](events::UnitOfWork&, const events::Event& event) -> Result<> {
      const auto number = number_of(event);
      if (number >= 0) journeys.load()->arrives(number);
      return {};
    });
    relay.start();
    consumer.start();
  }

  std::vector<double> travel(std::int64_t count) {
    Journeys of_this_round(count);
    journeys = &of_this_round;
    at_a_fixed_rate(count, [&](std::int64_t number) {
      const auto call = service_call(agency, "bench", std::chrono::seconds(10));
      require(transactor.run(call, [&](events::UnitOfWork& unit) -> Result<> {
        unit.published.push_back(thing_changed(number % 2000, number, unit.now));
        unit.published.back().topic = topic;
        return {};
      }));
      of_this_round.leaves(number);
    });
    of_this_round.wait();
    return of_this_round.took_ms();
  }

  const std::string topic;
  std::atomic<Journeys*> journeys{nullptr};
  SystemClock clock;
  sql::Database database;
  events::Outbox outbox;
  events::Transactor transactor{database, outbox, clock};
  events::Relay relay;
  events::Consumer consumer;
};

// From produce to the next line after poll.
struct Bare {
  Bare(const std::string& brokers, std::string topic)
      : topic(std::move(topic)),
        producer(brokers),
        consumer(brokers, this->topic, [this](std::int64_t number) { journeys.load()->arrives(number); }) {}

  std::vector<double> travel(std::int64_t count) {
    Journeys of_this_round(count);
    journeys = &of_this_round;
    at_a_fixed_rate(count, [&](std::int64_t number) {
      of_this_round.leaves(number);
      producer.send(topic, number);
    });
    of_this_round.wait();
    return of_this_round.took_ms();
  }

  const std::string topic;
  std::atomic<Journeys*> journeys{nullptr};
  BareProducer producer;
  BareConsumer consumer;
};

// Until both groups are joined, and the broker, which compiles what it runs, has become no quicker for three rounds:
// its first answers take ten times as long, and that would be ours, who come first.
void warm_up(Ours& ours, Bare& bare) {
  constexpr int patience = 3, most_rounds = 30;
  double best_ms = std::numeric_limits<double>::max();
  for (int round = 0, in_vain = 0; round < most_rounds && in_vain < patience; ++round) {
    ours.travel(per_second);
    const auto took_ms = percentile(bare.travel(per_second), 0.5);
    in_vain = took_ms < 0.9 * best_ms ? 0 : in_vain + 1;
    best_ms = std::min(best_ms, took_ms);
  }
}

void measure_backlog(const Run& run, const Things& things) {
  Backlog backlog(things, {.things = 2000});
  const auto usual = events::Consumer::Options().batch_events;
  const auto done = in_turn(
      run.rounds, [&] { return backlog.handled_per_second(usual); }, [&] { return backlog.handled_per_second(1); });
  report({"delivery.backlog", median(done.a), "events/s", std::nullopt, spread(done.a),
          fmt::format("{}/s, one event a transaction; {} events, each writes a row", grouped(median(done.b)),
                      Backlog::events)});
}

}  // namespace

void measure_delivery(const Run& run) {
  const auto brokers = environment("HOLDFAST_TEST_KAFKA");
  const Things things;
  Ours ours(things, brokers, new_topic(brokers));
  Bare bare(brokers, new_topic(brokers));
  warm_up(ours, bare);
  const auto count = per_second * 2 * run.round.count() / 1000;
  std::vector<double> our_p50, our_p99, bare_p50, bare_p99, ratios;
  for (int round = 0; round < run.rounds; ++round) {
    const auto a = ours.travel(count);
    const auto b = bare.travel(count);
    our_p50.push_back(percentile(a, 0.5));
    our_p99.push_back(percentile(a, 0.99));
    bare_p50.push_back(percentile(b, 0.5));
    bare_p99.push_back(percentile(b, 0.99));
    ratios.push_back(our_p99.back() / bare_p99.back());
  }
  const auto beside = [](const std::vector<double>& values) {
    return fmt::format("{:.2f} ms, bare produce to consume; 500/s, open loop", median(values));
  };
  report({"delivery.p50", median(our_p50), "ms", at_most(2), spread(our_p50), beside(bare_p50)});
  report({"delivery.p99", median(our_p99), "ms", at_most(20), spread(our_p99), beside(bare_p99)});
  report({"delivery.p99_ratio", median(our_p99) / median(bare_p99), "of bare", at_most(2.5), spread(ratios),
          beside(bare_p99)});
  measure_backlog(run, things);
}

}  // namespace holdfast::bench
