#pragma once

#include <gtest/gtest.h>

#include "runtime/sql/database.h"
#include "runtime/testing/temp_database.h"

namespace holdfast::sql {

using namespace std::chrono_literals;

enum class Colour { red, green };

// A row with all that a column may hold.
struct Thing {
  AgencyId agency;
  Uuid id;
  std::string name;
  Colour colour{};
  std::optional<Money> price;
  std::optional<Date> due;
  std::vector<std::string> tags;
  Instant created;

  bool operator==(const Thing&) const = default;
};

inline constexpr std::array thing_migrations{Migration{"0001_things", R"sql(
CREATE TABLE things (
  agency_id uuid NOT NULL, id uuid NOT NULL, name text NOT NULL, colour text NOT NULL,
  price_minor bigint, price_currency text, due date, tags text[] NOT NULL, created timestamptz NOT NULL,
  PRIMARY KEY (agency_id, id), CONSTRAINT things_name_unique UNIQUE (agency_id, name));
ALTER TABLE things ENABLE ROW LEVEL SECURITY;
ALTER TABLE things FORCE ROW LEVEL SECURITY;
CREATE POLICY agency ON things USING
  (agency_id = ANY ((SELECT string_to_array(current_setting('app.agencies', true), ',')::uuid[])::uuid[]));
)sql"}};
inline constexpr std::array components{Migrations{"things", thing_migrations}};

inline constexpr Statement insert_thing{"things.insert", "INSERT INTO things VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)"};
inline constexpr Statement load_thing{
    "things.load",
    "SELECT agency_id, id, name, colour, price_minor, price_currency, due, tags, created FROM things WHERE id = $1"};
inline constexpr Statement count_things{"things.count", "SELECT count(*) FROM things"};
inline constexpr Statement rename_thing{"things.rename", "UPDATE things SET name = $2 WHERE id = $1"};
inline constexpr std::array reasons{ConstraintReason{"things_name_unique", Reason::already_exists, "thing.name"}};

}  // namespace holdfast::sql

namespace holdfast {
template <>
inline constexpr auto enum_names<sql::Colour> = std::to_array<std::string_view>({"red", "green"});
template <>
struct Fields<sql::Thing> {
  using Thing = sql::Thing;
  static constexpr auto list =
      FieldList{Field{"agency_id", &Thing::agency}, Field{"id", &Thing::id},          Field{"name", &Thing::name},
                Field{"colour", &Thing::colour},    Field{"price", &Thing::price},    Field{"due", &Thing::due},
                Field{"tags", &Thing::tags},        Field{"created", &Thing::created}};
};
}  // namespace holdfast

namespace holdfast::sql {

// A database with a table of things, seen by one agency.
struct DatabaseTest : ::testing::Test {
  Call call_of(AgencyId agency) { return service_call(agency, "test", 10s); }
  Thing thing(std::string name) {
    return {agency,
            new_uuid(),
            std::move(name),
            Colour::green,
            Money{1250, "USD"},
            *parse_date("2026-02-28"),
            {"a", "b,c"},
            *parse_instant("2026-01-05T09:00:00.000001Z")};
  }
  Result<> insert(const Thing& thing) {
    return database.transact(call, [&](Transaction& tx) -> Result<> {
      TRY(tx.exec(insert_thing, thing));
      return {};
    });
  }
  std::int64_t count(const Call& as) {
    return *database.read(as, [](Transaction& tx) { return tx.one<std::int64_t>(count_things); });
  }

  testing::TempDatabase temporary{components};
  Database database{{.url = temporary.url(), .pool_size = 4, .constraints = reasons}};
  AgencyId agency{new_uuid()};
  Call call = call_of(agency);
};

}  // namespace holdfast::sql
