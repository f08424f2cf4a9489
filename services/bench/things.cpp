#include "bench/things.h"

#include <fmt/format.h>

#include <charconv>

#include "bench.pb.h"
#include "bench/bench.h"
#include "runtime/events/kafka.h"

namespace holdfast::bench {
namespace {

constexpr std::array migrations{sql::Migration{"0001_things", R"sql(
CREATE TABLE things (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  number bigint NOT NULL,
  text text NOT NULL,
  state text NOT NULL,
  changed_at timestamptz NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (agency_id, id)
) WITH (fillfactor = 90);
SELECT runtime.guard_by_agency('things');
CREATE TABLE ledger (
  agency_id uuid NOT NULL,
  thing_id uuid NOT NULL,
  due timestamptz NOT NULL,
  kind text NOT NULL,
  PRIMARY KEY (agency_id, thing_id, due, kind)
);
SELECT runtime.guard_by_agency('ledger');
CREATE TABLE cards (agency_id uuid NOT NULL, number bigint NOT NULL, text text NOT NULL, PRIMARY KEY (agency_id, number));
SELECT runtime.guard_by_agency('cards');
)sql"}};

const std::array components{sql::Migrations{"runtime", runtime::migrations}, sql::Migrations{"bench", migrations}};

constexpr sql::Statement lock_thing{"bench.lock_thing",
                                    "SELECT id FROM things WHERE id = md5('thing' || $1::bigint)::uuid FOR UPDATE"};
constexpr sql::Statement store_thing{"bench.store_thing",
                                     "UPDATE things SET version = version + 1, changed_at = now() "
                                     "WHERE id = md5('thing' || $1::bigint)::uuid"};
constexpr sql::Statement card{"bench.card", "SELECT text FROM cards WHERE number = $1::bigint"};

}  // namespace

const std::string& stored_text() {
  static const std::string text(600, 'x');
  return text;
}

AgencyId Population::agency_of(std::int64_t number) const {
  return AgencyId{*parse_uuid(fmt::format("00000000-0000-0000-0000-{:012x}", 1 + number % agencies))};
}

Things::Things() : temporary(components) {}

Result<std::string> stored(sql::Database& database, const Call& call, const std::string& key) {
  std::int64_t number = 0;
  std::from_chars(key.data(), key.data() + key.size(), number);
  return database.read(call, [&](sql::Transaction& transaction) { return transaction.one<std::string>(card, number); });
}

Result<Uuid> change_thing(events::UnitOfWork& unit, std::int64_t number) {
  const auto id = TRY((unit.transaction.one<Uuid>(lock_thing, number)));
  unit.transaction.defer(store_thing, number);
  return id;
}

events::Event thing_changed(std::int64_t account, std::int64_t number, Instant at) {
  return thing_changed(agency, named_uuid({}, std::to_string(account)), number, at);
}

events::Event thing_changed(AgencyId agency, Uuid account, std::int64_t number, Instant at) {
  ThingChanged changed;
  changed.set_account_id(to_string(account));
  changed.set_number(number);
  changed.set_text(std::string(240, 'x'));
  return events::encode(changed, agency, at);
}

std::int64_t number_of(const events::Event& event) {
  ThingChanged changed;
  changed.ParseFromString(event.payload);
  return changed.number();
}

std::string new_topic(const std::string& brokers) {
  const auto name = "holdfast.bench." + to_string(new_uuid());
  require(events::create_topics(brokers, {{.name = name}, {.name = name + ".dlq"}}, std::chrono::seconds(30)));
  return name;
}

}  // namespace holdfast::bench
