#pragma once

#include <gmock/gmock.h>

#include <condition_variable>
#include <map>
#include <mutex>

#include "runtime/log/log.h"
#include "runtime/migrations.h"
#include "runtime/testing/fake_clock.h"
#include "runtime/testing/looks.h"
#include "runtime/testing/temp_database.h"
#include "runtime/timers/timers.h"

namespace holdfast::timers {

using namespace std::chrono_literals;
using testing::held_up;

// What is fired in these tests: a row under row-level security that counts, and a ledger that keeps each firing.
inline constexpr std::array subjects{sql::Migration{"0001_subjects", R"sql(
CREATE TABLE subjects (agency_id uuid NOT NULL, id uuid NOT NULL, fired bigint NOT NULL, PRIMARY KEY (agency_id, id));
ALTER TABLE subjects ENABLE ROW LEVEL SECURITY;
ALTER TABLE subjects FORCE ROW LEVEL SECURITY;
CREATE POLICY agency ON subjects USING
  (agency_id = ANY ((SELECT string_to_array(current_setting('app.agencies', true), ',')::uuid[])::uuid[]));
)sql"}};
inline constexpr std::array components{sql::Migrations{"runtime", runtime::migrations},
                                       sql::Migrations{"subjects", subjects}};

inline constexpr sql::Statement insert_subject{"test.insert", "INSERT INTO subjects VALUES ($1, $2, 0)"};
inline constexpr sql::Statement count_firing{"test.count_firing",
                                             "UPDATE subjects SET fired = fired + 1 WHERE agency_id = $1 AND id = $2"};
inline constexpr sql::Statement load_fired{"test.load_fired",
                                           "SELECT fired FROM subjects WHERE agency_id = $1 AND id = $2"};
inline constexpr sql::Statement timer_of{"test.timer", "SELECT next_due FROM runtime.timers WHERE subject_id = $1"};
inline constexpr sql::Statement outbox_keys{"test.outbox", "SELECT key FROM runtime.outbox ORDER BY seq"};

// What a firing did, for a test that waits for it without sleeping. Any thread.
class Seen {
 public:
  void add(Uuid subject) {
    const std::lock_guard lock(mutex_);
    subjects_.push_back(subject);
    changed_.notify_all();
  }
  std::vector<Uuid> wait_for(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 60s, [&] { return subjects_.size() >= count; });
    return subjects_;
  }
  std::vector<Uuid> list() { return wait_for(0); }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Uuid> subjects_;
};

struct TimersTest : ::testing::Test {
  // A subject of an agency (of its own, unless one is given), due at an instant.
  Uuid subject_due(std::optional<Instant> due, AgencyId agency = AgencyId{new_uuid()}) {
    const auto id = new_uuid();
    agencies[id] = agency;
    const auto done = transactor.run(call_of(id), [&](events::UnitOfWork& unit) -> Result<> {
      unit.transaction.defer(insert_subject, agency, id);
      Timers::set(unit, "sample", id, due);
      return {};
    });
    EXPECT_TRUE(done) << describe(done.error());
    return id;
  }
  // Each of an agency of its own, unless one is given.
  std::vector<Uuid> subjects_due(size_t count, std::optional<AgencyId> agency = std::nullopt) {
    std::vector<Uuid> ids;
    for (size_t number = 0; number < count; ++number) {
      ids.push_back(
          subject_due(clock.now() - 1h + std::chrono::seconds(number), agency.value_or(AgencyId{new_uuid()})));
    }
    return ids;
  }
  Call call_of(Uuid subject) { return service_call(agencies.at(subject), "test", 30s); }
  Result<> set(Uuid subject, std::optional<Instant> due) {
    return transactor.run(call_of(subject), [&](events::UnitOfWork& unit) -> Result<> {
      Timers::set(unit, "sample", subject, due);
      return {};
    });
  }
  template <class T, class... A>
  std::vector<T> query(const Call& call, const sql::Statement& statement, const A&... arguments) {
    auto rows = database.read(call, [&](sql::Transaction& tx) { return tx.many<T>(statement, arguments...); });
    EXPECT_TRUE(rows) << describe(rows.error());
    return rows ? *std::move(rows) : std::vector<T>();
  }
  template <class T, class... A>
  std::vector<T> query(const sql::Statement& statement, const A&... arguments) {
    return query<T>(service_call({}, "test", 30s), statement, arguments...);
  }
  std::vector<Instant> timer(Uuid subject) { return query<Instant>(timer_of, subject); }
  std::int64_t fired(Uuid subject) {
    return query<std::int64_t>(call_of(subject), load_fired, agencies.at(subject), subject).at(0);
  }

  // Counts and publishes; due again in a day.
  Result<std::optional<Instant>> fire(events::UnitOfWork& unit, Uuid subject, Instant now) {
    if (TRY(unit.transaction.exec(count_firing, unit.agency(), subject)) != 1) return fail(Reason::internal, "hidden");
    unit.published.push_back(
        {.id = new_uuid(), .agency = unit.agency(), .topic = "t", .key = to_string(subject), .type = "fired"});
    unit.after_commit.push_back([this, subject] { seen.add(subject); });
    return now + 24h;
  }
  Fire firing() {
    return [this](events::UnitOfWork& unit, Uuid subject, Instant now) { return fire(unit, subject, now); };
  }
  Timers::Options slices_of(std::int64_t subjects) { return {.slice_subjects = subjects}; }

  testing::TempDatabase temporary{components};
  sql::Database database{{.url = temporary.url(), .pool_size = 8, .constraints = {}}};
  testing::FakeClock clock{*parse_instant("2026-01-05T09:00:00Z")};
  events::Outbox outbox;
  events::Transactor transactor{database, outbox, clock};
  std::map<Uuid, AgencyId> agencies;
  Seen seen;
  log::Capture captured;
};

}  // namespace holdfast::timers
