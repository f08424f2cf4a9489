// Commands write and publish, a relay each brings it to Kafka; with consumers, one each gives it to two handlers, of
// which one meets poison.

#include <chrono>
#include <optional>

#include "checks.h"
#include "runtime/core/clock.h"
#include "runtime/events/consumer.h"
#include "runtime/events/relay.h"
#include "runtime/events/unit_of_work.h"
#include "runtime/sql/database.h"
#include "scenario.h"

namespace holdfast::simulation {
namespace {

using std::chrono::milliseconds;

constexpr sql::Statement insert_fact{"simulation.insert_fact", "INSERT INTO facts VALUES ($1::uuid)"};
constexpr sql::Statement insert_effect{"simulation.insert_effect",
                                       "INSERT INTO effects VALUES ($1::text, $2::uuid, $3::bigint)"};
constexpr int streams = 4;

// What one process is made of: the runtime's own parts, as a service puts them together.
struct Service {
  sql::Database database{{.url = "simulated", .pool_size = 4, .constraints = {}}};
  SystemClock clock;
  events::Outbox outbox;
  events::Transactor transactor{database, outbox, clock};
  events::Relay relay{database,
                      outbox,
                      {.name = "relay",
                       .brokers = events::kafka::Brokers{"simulated"},
                       .batch_events = 20,
                       .poll = milliseconds(400),
                       .lease = milliseconds(2000),
                       .patience = milliseconds(5000)}};
  std::optional<events::Consumer> consumer;
};

events::Event event_of(AgencyId agency) {
  return {.id = new_uuid(),
          .agency = agency,
          .topic = simulated_topic,
          .key = to_string(agency),
          .type = "holdfast.simulated-happened.v1",
          .occurred_at = SystemClock().now(),
          .payload = "happened"};
}

class EventsScenario final : public Scenario {
 public:
  EventsScenario(std::uint64_t seed, bool traced, bool consumes)
      : Scenario(seed, traced, {.processes = consumes ? 2 : 3}), consumes_(consumes) {
    for (int stream = 0; stream < streams; ++stream) agencies_.push_back(AgencyId{new_uuid()});
  }

 private:
  void live(Process) override {
    auto* service = new Service;
    service->relay.start();
    if (consumes_) consume(*service);
    while (is_troubled()) {
      world_.let_pass(world_.random.between(1, consumes_ ? 500 : 300) * millisecond);
      if (is_troubled()) command(*service);
    }
  }

  void consume(Service& service) {
    service.consumer.emplace(service.transactor, events::Consumer::Options{.group = "simulated",
                                                                           .brokers = "simulated",
                                                                           .topics = {simulated_topic},
                                                                           .handler_timeout = milliseconds(3000),
                                                                           .batch_events = 20});
    for (const auto* name : handlers) {
      service.consumer->on(name, "", [this, name](events::UnitOfWork& unit, const events::Event& event) {
        return handle(name, unit, event);
      });
    }
    service.consumer->start();
  }

  Result<> handle(const std::string& name, events::UnitOfWork& unit, const events::Event& event) {
    auto& random = world_.random;
    if (random.once_in(100)) world_.let_pass(random.between(1, 300) * millisecond);
    unit.transaction.defer(insert_effect, name, event.id, event.sequence);
    if (is_poison(name, stored(event.id))) return fail(Reason::field_invalid, "poison on purpose");
    if (random.once_in(100)) return fail(Reason::dependency_unavailable, "a handler fails on purpose");
    return {};
  }

  // A fact and one to three events, of which the first has its id.
  void command(Service& service) {
    auto& random = world_.random;
    std::vector<events::Event> events;
    for (auto count = random.once_in(3) ? random.between(2, 3) : 1; count > 0; --count) {
      events.push_back(event_of(agencies_[static_cast<size_t>(random.between(0, streams - 1))]));
    }
    const auto fact = events.front().id;
    const auto call = service_call(events.front().agency, "simulation", milliseconds(random.between(50, 3000)));
    const bool slow = random.once_in(10);
    const auto done = service.transactor.run(call, [&](events::UnitOfWork& unit) -> Result<> {
      CHECK_OK(unit.transaction.exec(insert_fact, fact));
      if (slow) world_.let_pass(random.between(1, 300) * millisecond);
      unit.published = events;
      return {};
    });
    if (done) told_.acknowledged.insert(stored(fact));
  }

  void trouble_more() override {
    if (!consumes_) return;
    world_.trace("a rebalance");
    kafka_.rebalance();
  }

  bool is_drained() const override {
    return postgres_.store.tables.outbox.empty() && (!consumes_ || is_all_handled(postgres_.store));
  }

  void judge(Outcome& outcome) const override {
    outcome.faults = faults_of(postgres_.store, kafka_, told_);
    if (consumes_) add_faults_of_handlers(postgres_.store, outcome.faults);
    outcome.committed = std::ssize(postgres_.store.all_committed);
    outcome.effects = std::ssize(postgres_.store.tables.effects);
    for (const auto& [topic, log] : kafka_.topics) {
      for (const auto& partition : log) outcome.effects += consumes_ ? 0 : std::ssize(partition);
    }
  }

  const bool consumes_;
  Told told_;
  std::vector<AgencyId> agencies_;
};

}  // namespace

std::unique_ptr<Scenario> make_relay_scenario(std::uint64_t seed, bool traced) {
  return std::make_unique<EventsScenario>(seed, traced, false);
}

std::unique_ptr<Scenario> make_consumer_scenario(std::uint64_t seed, bool traced) {
  return std::make_unique<EventsScenario>(seed, traced, true);
}

}  // namespace holdfast::simulation
