#include "runtime/events/inbox.sql.h"
#include "runtime/events/lease.sql.h"
#include "runtime/events/outbox.sql.h"
#include "runtime/operations/agencies.sql.h"
#include "runtime/operations/clock.sql.h"
#include "runtime/operations/dead_letters.sql.h"
#include "runtime/operations/invariants.sql.h"
#include "runtime/operations/quiescence.sql.h"
#include "runtime/operations/retention.sql.h"
#include "runtime/operations/tests/operations_fixture.h"
#include "runtime/timers/timers.sql.h"

namespace holdfast::operations {
namespace {

// What only a background thread asks fails in a log line, where no test looks.
TEST(Statements, EveryOneOfTheRuntimeIsUnderstood) {
  const testing::TempDatabase temporary{OperationsTest::components};
  const auto connection = sql::Connection::open(temporary.url(), {});
  ASSERT_TRUE(connection);
  const auto prepare = [&](const auto& statements) {
    for (const auto* statement : statements) {
      const auto prepared = (*connection)->prepare(*statement);
      EXPECT_TRUE(prepared) << statement->name << ": " << describe(prepared.error());
    }
  };
  prepare(events::statements::all_of_inbox);
  prepare(events::statements::all_of_lease);
  prepare(events::statements::all_of_outbox);
  prepare(timers::statements::all_of_timers);
  prepare(statements::all_of_agencies);
  prepare(statements::all_of_clock);
  prepare(statements::all_of_dead_letters);
  prepare(statements::all_of_invariants);
  prepare(statements::all_of_quiescence);
  prepare(statements::all_of_retention);
}

}  // namespace
}  // namespace holdfast::operations
