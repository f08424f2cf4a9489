#include "runtime/events/relay.h"

#include <fmt/format.h>

#include <stdexcept>
#include <thread>

#include "bench/bare_kafka.h"
#include "bench/bench.h"
#include "bench/relaying.h"
#include "bench/things.h"
#include "runtime/sql/database.h"

namespace holdfast::bench {
namespace {

using std::chrono::steady_clock;

// Events of 300 bytes, as commands would have left them.
void fill_outbox(const Things& things, const Population& streams, const std::string& topic, std::int64_t events) {
  things.run(fmt::format(R"sql(
INSERT INTO runtime.outbox (event_id, agency_id, topic, key, type, sequence, occurred_at, payload, headers)
SELECT gen_random_uuid(), agency, '{0}', agency || '/' || md5('thing' || number)::uuid, 'holdfast.thing-changed.v1', n,
       now(), convert_to(repeat('x', 300), 'UTF8'), E'\n' || gen_random_uuid()
FROM (SELECT n, 1 + n * {1} % {2} AS number FROM generate_series(1::bigint, {4}) AS n) AS numbered
CROSS JOIN LATERAL (SELECT lpad(to_hex(1 + number % {3}), 32, '0')::uuid AS agency) AS owned
ORDER BY n;
ANALYZE runtime.outbox;)sql",
                         topic, Population::scatter, streams.things, streams.agencies, events));
}

}  // namespace

// The rate between the first tenth and the end: what it takes to become the leader and to know the topic is not in it.
double relayed_per_second(const Things& things, const Population& streams, const std::string& topic,
                          std::int64_t events) {
  fill_outbox(things, streams, topic, events);
  sql::Database database(things.options(4));
  events::Outbox outbox;
  // A lease of each round's own: the last round's still stands.
  events::Relay relay(database, outbox,
                      {.name = "relay." + to_string(new_uuid()), .brokers = environment("HOLDFAST_TEST_KAFKA")});
  const auto wait_for = [&](std::int64_t sent) {
    const auto until = steady_clock::now() + std::chrono::seconds(120);
    while (relay.sent() < sent) {
      if (steady_clock::now() > until) throw std::runtime_error("the relay does not relay");
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return std::pair(relay.sent(), steady_clock::now());
  };
  relay.start();
  const auto [first, began] = wait_for(events / 10);
  const auto [last, ended] = wait_for(events);
  return static_cast<double>(last - first) / std::chrono::duration<double>(ended - began).count();
}

void measure_relay(const Run& run) {
  const auto brokers = environment("HOLDFAST_TEST_KAFKA");
  const Things things;
  const auto topic = new_topic(brokers);
  BareProducer producer(brokers);
  producer.per_second(topic, run.events);  // what the broker's compiler learns, both shall find
  const auto done = in_turn(
      run.rounds, [&] { return relayed_per_second(things, {.things = 2000}, topic, run.events); },
      [&] { return producer.per_second(topic, run.events); });
  report({"relay.events", median(done.a), "events/s", at_least(75'000), spread(done.a),
          fmt::format("{:.0f} % of {}/s, a bare producer", done.ratio() * 100, grouped(median(done.b)))});
}

}  // namespace holdfast::bench
