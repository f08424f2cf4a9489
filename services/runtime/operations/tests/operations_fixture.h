#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "runtime/events/consumer.h"
#include "runtime/events/relay.h"
#include "runtime/migrations.h"
#include "runtime/operations/subject.h"
#include "runtime/testing/fake_clock.h"
#include "runtime/testing/temp_database.h"
#include "runtime/timers/timers.h"

namespace holdfast::operations {

using namespace std::chrono_literals;

// A service with one table of its own, whole but for its threads: what is due, waits or lies in Kafka stays there until
// the test moves it on.
struct OperationsTest : ::testing::Test {
  static constexpr std::array own{sql::Migration{"0001_things", R"sql(
CREATE TABLE things (agency_id uuid NOT NULL, id uuid NOT NULL, sound boolean NOT NULL, PRIMARY KEY (agency_id, id));
SELECT runtime.guard_by_agency('things');)sql"}};
  static constexpr std::array components{sql::Migrations{"runtime", runtime::migrations},
                                         sql::Migrations{"things", own}};

  static std::string brokers() {
    const char* named = std::getenv("HOLDFAST_TEST_KAFKA");
    return named ? named : "";
  }
  template <class T, class... A>
  std::vector<T> query(const sql::Statement& statement, const A&... arguments) {
    auto rows = database.read(call, [&](sql::Transaction& tx) { return tx.many<T>(statement, arguments...); });
    EXPECT_TRUE(rows) << describe(rows.error());
    return rows ? *std::move(rows) : std::vector<T>();
  }
  events::Event event(const std::string& key = "a") {
    return {.id = new_uuid(), .agency = agency, .topic = topic, .key = key, .type = "t", .occurred_at = clock.now()};
  }
  Result<> publish(std::vector<events::Event> events) {
    return transactor.run(call, [&](events::UnitOfWork& unit) -> Result<> {
      unit.published = events;
      return {};
    });
  }
  Result<> set_timer(std::optional<Instant> due) {
    return transactor.run(call, [&](events::UnitOfWork& unit) -> Result<> {
      timers::Timers::set(unit, "things.tick", agency.uuid, due);
      return {};
    });
  }

  testing::TempDatabase temporary{components};
  sql::Database database{{.url = temporary.url(), .pool_size = 8, .constraints = {}}};
  testing::FakeClock clock{*parse_instant("2026-01-05T09:00:00Z")};
  events::Outbox outbox;
  events::Transactor transactor{database, outbox, clock};
  AgencyId agency{new_uuid()};
  Call call = service_call(agency, "test", 30s);
  std::string topic = "test." + to_string(new_uuid());
  timers::Timers business_timers{transactor, clock, {}};
  events::Relay relay{database, outbox, {.name = "things.relay", .brokers = brokers()}};
  events::Consumer consumer{transactor, {.group = topic + ".group", .brokers = brokers(), .topics = {topic}}};
  Subject subject{.name = "things",
                  .database = database,
                  .relay = relay,
                  .consumer = consumer,
                  .business_timers = &business_timers,
                  .invariants = {}};
};

}  // namespace holdfast::operations
