#include "tickets/domain/promises.h"

#include <gtest/gtest.h>

namespace holdfast::tickets {
namespace {

using namespace std::chrono_literals;

// Monday, 09:00 in New York.
const Instant opened = *parse_instant("2026-01-05T14:00:00Z");

Ticket ticket(TicketStatus status) {
  return {.id = TicketId{new_uuid()}, .name = "Down", .priority = Priority::p1, .status = status, .opened_at = opened};
}

Ticket paused(PauseReason reason) {
  auto held = ticket(reason == PauseReason::pending_customer ? TicketStatus::pending : TicketStatus::held);
  held.pause_reason = reason;
  return held;
}

Promises promised() { return *make_promises(ticket(TicketStatus::acknowledged), Lane::key, "America/New_York"); }

std::vector<std::string> said(const PromisesAdvanced& advanced) {
  constexpr std::array kinds{"warning", "breached", "met"};
  std::vector<std::string> texts;
  for (const auto& fact : advanced.facts) {
    texts.push_back(std::string(to_string(fact.name)) + " " + kinds.at(static_cast<size_t>(fact.kind)));
  }
  return texts;
}

using Said = std::vector<std::string>;

TEST(Promises, AKeyAccountsFirstPriorityIsTakenInAQuarterOfAnHourAndRestoredInFour) {
  const auto promises = promised();
  ASSERT_EQ(promises.clocks.size(), 2u);
  EXPECT_EQ(promises.clocks[0].target_minutes, 15);
  EXPECT_EQ(promises.clocks[1].target_minutes, 240);
  EXPECT_EQ(advance(promises, opened)->next_due, opened + 11min + 15s);
}

TEST(Promises, LeftAloneEachWarnsAndBreaksOnce) {
  const auto first = *advance(promised(), opened + 3h);
  EXPECT_EQ(said(first), (Said{"acknowledge warning", "acknowledge breached", "restore warning"}));
  EXPECT_EQ(first.facts[0].due_at, opened + 15min);
  EXPECT_EQ(first.facts[2].due_at, opened + 4h);
  const auto second = *advance(first.promises, opened + 24h);
  EXPECT_EQ(said(second), Said{"restore breached"});
  EXPECT_FALSE(second.next_due);
}

TEST(Promises, TakenInTimeIsAcknowledged) {
  const auto taken =
      *follow(promised(), ticket(TicketStatus::acknowledged), ticket(TicketStatus::in_progress), opened + 5min);
  EXPECT_EQ(said(taken), Said{"acknowledge met"});
  EXPECT_EQ(taken.next_due, opened + 3h);
}

TEST(Promises, WaitingForTheCustomerStopsTheClocksAndWaitingForTheCarrierDoesNot) {
  const auto working = ticket(TicketStatus::in_progress);
  auto state = *follow(promised(), ticket(TicketStatus::acknowledged), working, opened + 5min);
  const auto customer = *follow(state.promises, working, paused(PauseReason::pending_customer), opened + 1h);
  EXPECT_FALSE(customer.next_due);
  const auto resumed = *follow(customer.promises, paused(PauseReason::pending_customer), working, opened + 6h);
  EXPECT_EQ(resumed.next_due, opened + 8h);
  const auto carrier = *follow(state.promises, working, paused(PauseReason::waiting_carrier), opened + 1h);
  EXPECT_EQ(carrier.next_due, opened + 3h);
}

TEST(Promises, ResolvedInTimeIsKeptAndReopenedIsPromisedAgain) {
  const auto working = ticket(TicketStatus::in_progress);
  const auto state = *follow(promised(), ticket(TicketStatus::acknowledged), working, opened + 5min);
  const auto resolved = *follow(state.promises, working, ticket(TicketStatus::resolved), opened + 2h);
  EXPECT_EQ(said(resolved), Said{"restore met"});
  EXPECT_FALSE(resolved.next_due);
  const auto again = *follow(resolved.promises, ticket(TicketStatus::resolved), working, opened + 10h);
  EXPECT_EQ(again.promises.clocks.back().number, 1);
  EXPECT_EQ(again.next_due, opened + 13h);
}

TEST(Promises, OfACancelledTicketNothingIsHeardAgain) {
  const auto cancelled =
      *follow(promised(), ticket(TicketStatus::acknowledged), ticket(TicketStatus::cancelled), opened + 1min);
  EXPECT_TRUE(cancelled.facts.empty());
  EXPECT_FALSE(cancelled.next_due);
}

// Each step is made by a replica whose clock is a second behind the one that made the step before.
TEST(Promises, NoChangeComesBeforeTheLast) {
  const auto working = ticket(TicketStatus::in_progress);
  const auto waiting = paused(PauseReason::pending_customer);
  auto state = follow(promised(), ticket(TicketStatus::acknowledged), working, opened - 1s);
  ASSERT_TRUE(state) << describe(state.error());
  EXPECT_EQ(state->promises.clocks[0].stopped_at, opened);
  state = follow(state->promises, working, waiting, opened + 1h);
  state = follow(state->promises, waiting, working, opened + 1h - 1s);
  ASSERT_TRUE(state) << describe(state.error());
  EXPECT_EQ(state->promises.pauses, (std::vector<Pause>{{opened + 1h, opened + 1h, PauseReason::pending_customer}}));
  EXPECT_EQ(state->next_due, opened + 3h);
  state = follow(state->promises, working, ticket(TicketStatus::resolved), opened + 2h);
  state = follow(state->promises, ticket(TicketStatus::resolved), working, opened + 2h - 1s);
  ASSERT_TRUE(state) << describe(state.error());
  EXPECT_EQ(state->promises.clocks.back().started_at, opened + 2h);
}

TEST(Promises, AnUnknownZoneIsRefused) {
  EXPECT_EQ(make_promises(ticket(TicketStatus::acknowledged), Lane::key, "Mars/Olympus").error().reason,
            Reason::time_zone_unknown);
}

}  // namespace
}  // namespace holdfast::tickets
