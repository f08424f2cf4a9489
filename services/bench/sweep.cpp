#include "bench/sweep.h"

#include <fmt/format.h>

#include <stdexcept>
#include <thread>

#include "bench/bench.h"
#include "runtime/core/call.h"
#include "runtime/sql/types.h"

namespace holdfast::bench {
namespace {

using std::chrono::steady_clock;

const Instant epoch = *parse_instant("2026-01-01T00:00:00Z");

}  // namespace

void fill(const Things& things, const Population& population) {
  things.run(fmt::format(R"sql(
INSERT INTO things
SELECT lpad(to_hex(1 + n % {0}), 32, '0')::uuid, md5('thing' || n)::uuid, n, repeat('x', 300), 'open', now(), 1
FROM generate_series(1, {1}) AS n;
INSERT INTO runtime.timers (kind, agency_id, subject_id, next_due)
SELECT 'bench', agency_id, id, timestamptz '{2}' + number * interval '1 second' FROM things;
INSERT INTO runtime.streams SELECT agency_id, 'holdfast.bench', agency_id || '/' || id, 1 FROM things;)sql",
                         population.agencies, population.things, format_instant(epoch)));
  for (const auto* table : {"things", "runtime.timers", "runtime.streams"}) {
    things.run(std::string("VACUUM ANALYZE ") + table);
  }
}

namespace {

constexpr sql::Statement load_things{
    "bench.load_things",
    "SELECT t.id, t.version FROM unnest($1::uuid[], $2::uuid[]) AS given(agency_id, id) CROSS JOIN LATERAL ("
    "SELECT f.id, f.version FROM things AS f WHERE f.agency_id = given.agency_id AND f.id = given.id "
    "LIMIT 1 FOR UPDATE) AS t"};
constexpr sql::Statement store_things{
    "bench.store_things",
    "UPDATE things AS t SET version = version + 1, state = 'fired', changed_at = now() "
    "FROM unnest($1::uuid[], $2::uuid[]) AS given(agency_id, id) WHERE t.agency_id = given.agency_id AND t.id = "
    "given.id"};
constexpr sql::Statement insert_entries{
    "bench.insert_entries",
    "INSERT INTO ledger SELECT *, 'reminder' FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[])"};
constexpr sql::Statement load_thing{"bench.load_thing", "SELECT version FROM things WHERE id = $1::uuid FOR UPDATE"};
constexpr sql::Statement fire_thing{
    "bench.fire_thing",
    "UPDATE things SET version = version + 1, state = 'fired', changed_at = now() WHERE agency_id = $1 AND id = $2"};
constexpr sql::Statement insert_entry{"bench.insert_entry", "INSERT INTO ledger VALUES ($1, $2, $3, 'reminder')"};

struct Row {
  Uuid id;
  std::int64_t version;
};

}  // namespace
}  // namespace holdfast::bench

template <>
struct holdfast::Fields<holdfast::bench::Row> {
  using Row = bench::Row;
  static constexpr auto list = FieldList{Field{"id", &Row::id}, Field{"version", &Row::version}};
};

namespace holdfast::bench {

Result<> fire_slice(std::span<timers::Firing> slice) {
  std::vector<AgencyId> agencies_of;
  std::vector<Uuid> subjects;
  std::vector<Instant> dues;
  for (const auto& firing : slice) {
    agencies_of.push_back(firing.unit.agency());
    subjects.push_back(firing.subject);
    dues.push_back(firing.due);
  }
  auto& transaction = slice.front().unit.transaction;
  const auto rows = TRY((transaction.many<Row>(load_things, agencies_of, subjects)));
  if (rows.size() != slice.size()) return fail(Reason::internal, "not all were found");
  transaction.defer(store_things, agencies_of, subjects);
  transaction.defer(insert_entries, agencies_of, subjects, dues);
  for (auto& firing : slice) {
    firing.unit.published.push_back(thing_changed(firing.unit.agency(), firing.subject, 0, firing.due));
    firing.next_due = firing.due + std::chrono::days(365);
  }
  return {};
}

void in_slices(timers::Timers& timers) { timers.on_parts("bench", fire_slice); }

Result<std::optional<Instant>> fire_one(events::UnitOfWork& unit, Uuid subject, Instant now) {
  TRY((unit.transaction.one<std::int64_t>(load_thing, subject)));
  unit.transaction.defer(fire_thing, unit.agency(), subject);
  unit.transaction.defer(insert_entry, unit.agency(), subject, now);
  unit.published.push_back(thing_changed(unit.agency(), subject, 0, now));
  return now + std::chrono::days(365);
}

Sweep::Sweep(const Things& things) : clock(epoch), database(things.options(16)) {}

double Sweep::per_second(std::int64_t due, const std::function<void(timers::Timers&)>& register_kind) {
  timers::Timers timers(transactor, clock, {.sweepers = 2});
  register_kind(timers);
  timers.start();
  clock.advance(std::chrono::seconds(due));
  const auto began = steady_clock::now();
  timers.wake();
  while (timers.fired() < due) {
    if (steady_clock::now() - began > std::chrono::seconds(120)) throw std::runtime_error("the timers do not fire");
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return static_cast<double>(due) / std::chrono::duration<double>(steady_clock::now() - began).count();
}

std::vector<double> Sweep::looks_ms(int looks) {
  timers::Timers idle(transactor, clock, {});
  in_slices(idle);
  std::vector<double> took;
  for (int look = 0; look < looks; ++look) {
    const auto began = steady_clock::now();
    require(idle.fire_due("bench"));
    took.push_back(std::chrono::duration<double, std::milli>(steady_clock::now() - began).count());
  }
  return took;
}

}  // namespace holdfast::bench
