#include <gmock/gmock.h>

#include "contracts/app/register_timers.h"
#include "contracts/app/tests/book.h"
#include "contracts/store/invariants.sql.h"
#include "runtime/operations/verify.h"

namespace holdfast::contracts {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A contract with the first reminders behind it: its notice deadline is 2026-11-01, and it is the middle of October.
struct InvariantsTest : Book {
  void SetUp() override {
    Book::SetUp();
    contract = created(yearly());
    clock.set(*parse_instant("2026-10-15T15:00:00Z"));
    temporary.run(R"sql(INSERT INTO runtime.business_clock (offset_us) VALUES
      ((extract(epoch FROM timestamptz '2026-10-15 15:00Z' - clock_timestamp()) * 1000000)::bigint))sql");
    timers::Timers timers(transactor, clock, {});
    register_timers(timers);
    ASSERT_EQ(*timers.fire_due(term_timer), 1u);
    ASSERT_THAT(broken(), IsEmpty());
  }
  operations::Verdict verdict(const sql::Statement& invariant) {
    const auto verdict =
        operations::check(database, service_call({}, "verify", std::chrono::seconds(30)), invariant, {.looks = 1});
    EXPECT_TRUE(verdict) << describe(verdict.error());
    return verdict ? *verdict : operations::Verdict{};
  }
  std::vector<std::string> broken() {
    std::vector<std::string> names;
    for (const auto* invariant : statements::all_of_invariants) {
      const auto found = verdict(*invariant);
      EXPECT_THAT(found.detail, HasSubstr("1 contracts")) << found.name;
      if (!found.holds) names.push_back(found.name);
    }
    return names;
  }
  std::vector<std::string> broken_by(const std::string& script) {
    temporary.run(script);
    return broken();
  }
  Contract contract;
};

TEST_F(InvariantsTest, AContractWithoutItsTermIsSeen) {
  EXPECT_THAT(broken_by("DELETE FROM terms"), ElementsAre("one-running-term"));
  EXPECT_THAT(verdict(statements::one_running_term).detail, HasSubstr(to_string(contract.id)));
}

TEST_F(InvariantsTest, AContractInTwoTermsIsSeen) {
  EXPECT_THAT(broken_by("INSERT INTO terms SELECT agency_id, contract_id, number + 1, start, \"end\", notice_deadline, "
                        "origin, 0 FROM terms"),
              ElementsAre("one-running-term"));
}

TEST_F(InvariantsTest, ADateThatTheHistoryDoesNotHaveIsSeen) {
  EXPECT_THAT(broken_by("UPDATE terms SET notice_deadline = notice_deadline - 1"), ElementsAre("one-running-term"));
}

TEST_F(InvariantsTest, AContractWithoutATimerIsSeen) {
  EXPECT_THAT(broken_by("DELETE FROM runtime.timers"), ElementsAre("next-due-set"));
}

TEST_F(InvariantsTest, AReminderThatWasNotSaidIsSeen) {
  EXPECT_THAT(broken_by("UPDATE contracts SET last_lead_days = 60"), ElementsAre("ledger-complete"));
  EXPECT_THAT(verdict(statements::ledger_complete).detail, HasSubstr("30 days before"));
}

TEST_F(InvariantsTest, AReminderThatIsNotInTheLedgerIsSeen) {
  EXPECT_THAT(broken_by("DELETE FROM ledger WHERE lead_days = 30"), ElementsAre("ledger-complete"));
}

TEST_F(InvariantsTest, AContractThatMissedWhatItsAccountBecameIsSeen) {
  EXPECT_THAT(broken_by("UPDATE accounts SET tier = 'key'"), ElementsAre("copies-consistent"));
}

TEST_F(InvariantsTest, AContractOfAnUnknownAccountIsSeen) {
  EXPECT_THAT(broken_by("DELETE FROM accounts"), ElementsAre("copies-consistent"));
}

}  // namespace
}  // namespace holdfast::contracts
