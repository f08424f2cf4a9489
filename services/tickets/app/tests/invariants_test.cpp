#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/migrations.h"
#include "runtime/operations/verify.h"
#include "runtime/sql/database.h"
#include "runtime/testing/temp_database.h"
#include "tickets/migrations.h"
#include "tickets/store/invariants.sql.h"

namespace holdfast::tickets {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct InvariantsTest : ::testing::Test {
  static constexpr std::array components{sql::Migrations{"runtime", runtime::migrations},
                                         sql::Migrations{"tickets", migrations}};

  // A ticket about an account, with a promise that runs.
  void SetUp() override {
    temporary.run(R"sql(
INSERT INTO accounts (agency_id, id, name, status, owner_id, version)
  VALUES (gen_random_uuid(), gen_random_uuid(), 'Acme', 'active', gen_random_uuid(), 1);
INSERT INTO tickets (agency_id, id, account_id, name, description, priority, status, owner_id, opened_at, version)
  SELECT agency_id, gen_random_uuid(), id, 'Down', '', 'p1', 'acknowledged', owner_id, now(), 1 FROM accounts;
INSERT INTO sla_clocks (agency_id, ticket_id, name, number, hours, time_zone, target_minutes, started_at, warned,
                        breached, cancelled)
  SELECT agency_id, id, 'restore', 1, 'aroundTheClock', 'UTC', 240, now(), false, false, false FROM tickets;
INSERT INTO runtime.timers (kind, agency_id, subject_id, next_due)
  SELECT 'tickets.promises', agency_id, id, now() + interval '3 hours' FROM tickets;)sql");
    ASSERT_THAT(broken(), IsEmpty());
  }
  std::vector<std::string> broken() {
    std::vector<std::string> names;
    for (const auto* invariant : statements::all_of_invariants) {
      const auto verdict = operations::check(database, call, *invariant, {.looks = 1});
      EXPECT_TRUE(verdict) << describe(verdict.error());
      if (verdict && !verdict->holds) names.push_back(verdict->name);
    }
    return names;
  }
  std::vector<std::string> broken_by(const std::string& script) {
    temporary.run(script);
    return broken();
  }

  testing::TempDatabase temporary{components};
  sql::Database database{{.url = temporary.url(), .pool_size = 2, .constraints = {}}};
  Call call = service_call({}, "test", std::chrono::seconds(60));
};

TEST_F(InvariantsTest, APromiseWithoutATimerIsSeen) {
  EXPECT_THAT(broken_by("DELETE FROM runtime.timers"), ElementsAre("promises-timed"));
}

TEST_F(InvariantsTest, WaitingForTheCarrierStopsNothing) {
  temporary.run("INSERT INTO sla_pauses SELECT agency_id, id, now(), NULL, 'waitingCarrier' FROM tickets");
  EXPECT_THAT(broken_by("DELETE FROM runtime.timers"), ElementsAre("promises-timed"));
}

TEST_F(InvariantsTest, AClockThatStandsStillNeedsNoTimer) {
  temporary.run("INSERT INTO sla_pauses SELECT agency_id, id, now(), NULL, 'noAccess' FROM tickets");
  EXPECT_THAT(broken_by("DELETE FROM runtime.timers"), IsEmpty());
}

TEST_F(InvariantsTest, APromiseAboutAClosedTicketIsSeen) {
  EXPECT_THAT(broken_by("UPDATE tickets SET status = 'closed'"), ElementsAre("promises-end-with-their-ticket"));
}

TEST_F(InvariantsTest, ATicketOfAnUnknownAccountIsSeen) {
  EXPECT_THAT(broken_by("DELETE FROM accounts"), ElementsAre("copies-consistent"));
}

TEST_F(InvariantsTest, ATicketOfAnUnknownLocationIsSeen) {
  EXPECT_THAT(broken_by("UPDATE tickets SET location_id = gen_random_uuid()"), ElementsAre("copies-consistent"));
}

}  // namespace
}  // namespace holdfast::tickets
