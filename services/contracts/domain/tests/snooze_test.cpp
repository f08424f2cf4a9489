#include <gtest/gtest.h>

#include "contracts/domain/term_clock.h"
#include "contracts/domain/tests/plans.h"

namespace holdfast::contracts {
namespace {

// Ends 2026-12-31, notice until 2026-11-01.
const TermPlan yearly = plan("2026-01-01", 12, EndOfTermAction::auto_renew, {60, NoticeUnit::calendar_days});

ContractState created(std::string_view as_of) { return derive(yearly, at(as_of), false).state; }

// "2026-10-22 14": the day and lead of each reminder.
std::vector<std::string> reminders(const Advanced& advanced) {
  std::vector<std::string> lines;
  for (const auto& fact : advanced.facts) {
    EXPECT_EQ(fact.kind, FactKind::contract_expiring);
    lines.push_back(format_instant(fact.effective).substr(0, 10) + " " + std::to_string(fact.lead_days));
  }
  return lines;
}
using Lines = std::vector<std::string>;

// Deadline 2026-11-01: the reminders of 30 and 14 days wait until ten days before it, and the manager is told then.
TEST(Snooze, ASnoozeCollectsWhatFallsDueBeforeIt) {
  const auto snoozed = snooze(created("2026-09-20T00:00:00Z"), at("2026-09-25T12:00:00Z"), date("2026-10-22"));
  ASSERT_TRUE(snoozed);
  EXPECT_TRUE(snoozed->facts.empty());
  const auto woken = advance(snoozed->state, at("2026-10-26T00:00:00Z"));
  EXPECT_EQ(reminders(woken), (Lines{"2026-10-22 30", "2026-10-22 14", "2026-10-22 10", "2026-10-25 7"}));
  EXPECT_EQ(woken.facts[1].escalation, Escalation::manager);
  EXPECT_EQ(woken.facts[2].effective, at("2026-10-22T13:00:00Z"));
  EXPECT_EQ(advance(snoozed->state, at("2026-10-22T13:00:00Z")).mail, (Mail{2, true, false}));
  EXPECT_EQ(woken.state.snoozed_until, std::nullopt);
}

TEST(Snooze, ASnoozeToADayWithAReminderOfItsOwnRemindsOnce) {
  const auto snoozed = snooze(created("2026-10-20T00:00:00Z"), at("2026-10-20T12:00:00Z"), date("2026-10-25"));
  ASSERT_TRUE(snoozed);
  EXPECT_EQ(reminders(advance(snoozed->state, at("2026-10-29T00:00:00Z"))), Lines{"2026-10-25 7"});
}

TEST(Snooze, NoSnoozeHidesADeadline) {
  const auto state = created("2026-10-20T00:00:00Z");
  const auto until = [&](std::string_view when, std::string_view day) {
    const auto snoozed = snooze(state, at(when), date(day));
    return snoozed ? std::nullopt : std::optional(snoozed.error().reason);
  };
  EXPECT_EQ(until("2026-10-20T12:00:00Z", "2026-11-01"), std::nullopt);
  EXPECT_EQ(until("2026-10-20T12:00:00Z", "2026-11-02"), Reason::field_out_of_range);
  EXPECT_EQ(until("2026-10-20T12:00:00Z", "2026-10-20"), Reason::field_out_of_range);
  EXPECT_EQ(until("2026-11-01T14:00:00Z", "2026-11-02"), Reason::illegal_transition);
  EXPECT_EQ(until("2026-11-05T12:00:00Z", "2026-11-07"), Reason::illegal_transition);
  // A short term has no reminders to snooze.
  const auto monthly = plan("2026-01-01", 1, EndOfTermAction::roll, {10, NoticeUnit::calendar_days});
  const Instant early = at("2026-01-02T12:00:00Z");
  const auto silent = snooze(derive(monthly, early, false).state, early, date("2026-01-10"));
  EXPECT_EQ(silent.error().reason, Reason::illegal_transition);
}

}  // namespace
}  // namespace holdfast::contracts
