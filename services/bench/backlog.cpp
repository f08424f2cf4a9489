#include "bench/backlog.h"

#include <stdexcept>
#include <thread>

#include "bench/bench.h"
#include "runtime/core/call.h"
#include "runtime/events/consumer.h"
#include "runtime/events/relay.h"

namespace holdfast::bench {
namespace {

using std::chrono::steady_clock;

constexpr sql::Statement keep{"bench.keep",
                              "INSERT INTO cards (agency_id, number, text) VALUES ($1::uuid, $2::bigint, 'x') "
                              "ON CONFLICT (agency_id, number) DO UPDATE SET text = excluded.text"};

}  // namespace

Backlog::Backlog(const Things& things, const Population& population)
    : brokers_(environment("HOLDFAST_TEST_KAFKA")), topic_(new_topic(brokers_)), database_(things.options(8)) {
  publish(population);
  events::Relay relay(database_, outbox_, {"relay." + topic_, brokers_});
  while (require(relay.relay_once()) > 0) {
  }
}

void Backlog::publish(const Population& population) {
  for (std::int64_t place = 0; place < events; ++place) {
    const auto number = population.somewhere(place);
    const auto call = service_call(population.agency_of(number), "bench", std::chrono::seconds(10));
    require(transactor_.run(call, [&](events::UnitOfWork& unit) -> Result<> {
      const auto account = named_uuid({}, std::to_string(number));
      unit.published.push_back(thing_changed(unit.agency(), account, number, unit.now));
      unit.published.back().topic = topic_;
      return {};
    }));
  }
}

double Backlog::handled_per_second(size_t batch_events) {
  // A group and an inbox of each round's own: nothing was handled before.
  const auto group = to_string(new_uuid());
  events::Consumer consumer(transactor_,
                            {.group = group, .brokers = brokers_, .topics = {topic_}, .batch_events = batch_events});
  consumer.on(group, "", [](events::UnitOfWork& unit, const events::Event& event) -> Result<> {
    TRY(unit.transaction.exec(keep, unit.agency(), number_of(event)));
    return {};
  });
  const auto wait_for = [&](std::int64_t handled) {
    const auto until = steady_clock::now() + std::chrono::seconds(120);
    while (consumer.handled() < handled) {
      if (steady_clock::now() > until) throw std::runtime_error("the consumer does not consume");
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
    return std::pair(consumer.handled(), steady_clock::now());
  };
  consumer.start();
  const auto [first, began] = wait_for(events / 10);
  const auto [last, ended] = wait_for(events);
  return static_cast<double>(last - first) / std::chrono::duration<double>(ended - began).count();
}

}  // namespace holdfast::bench
