#include <fmt/format.h>
#include <gmock/gmock.h>

#include "contracts/app/tests/book.h"
#include "contracts/store/book.sql.h"
#include "runtime/testing/plan.h"

namespace holdfast::contracts {
namespace {

// What a session has settled for, while the table was nearly empty and not counted; then an import fills it in seconds.
TEST_F(Book, AnAccountsLocationsAreFoundWithoutReadingTheAgencys) {
  sql::Database one_session{{.url = temporary.url(), .pool_size = 1, .constraints = constraints}};
  events::Transactor in_one_session{one_session, outbox, clock};
  // Often enough that PostgreSQL has settled for one plan.
  for (int time = 0; time < 8; ++time) {
    ASSERT_TRUE(in_one_session.run(call, [&](events::UnitOfWork& work) {
      return keep_location(work, {location, account, "HQ", "America/New_York", 1});
    }));
  }
  temporary.run(
      fmt::format("SET app.agencies = '{0}';"
                  "INSERT INTO locations (agency_id, id, account_id, name, time_zone, version)"
                  " SELECT '{0}', gen_random_uuid(), gen_random_uuid(), n, 'UTC', 1 FROM generate_series(1, 5000) AS n",
                  to_string(agency)));
  const auto plan = holdfast::testing::plan_of(
      one_session, call,
      fmt::format("EXECUTE \"{}\" ('{}', NULL)", statements::load_standing.name, to_string(account)));
  EXPECT_THAT(plan, ::testing::Not(::testing::HasSubstr(to_string(account)))) << "the plan for any account";
  EXPECT_THAT(plan, ::testing::HasSubstr("locations_of_account"));
  EXPECT_THAT(plan, ::testing::Not(::testing::HasSubstr("Seq Scan on locations")));
  EXPECT_THAT(plan, ::testing::Not(::testing::ContainsRegex("Removed by Filter: [0-9][0-9]")));
}

}  // namespace
}  // namespace holdfast::contracts
