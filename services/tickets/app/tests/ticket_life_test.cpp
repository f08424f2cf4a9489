#include "tickets/app/tests/with_ticket.h"

namespace holdfast::tickets {
namespace {

using TicketLifeTest = WithTicket;
using Published = std::vector<std::string>;

constexpr sql::Statement breaches{
    "test.breaches", "SELECT payload FROM runtime.outbox WHERE type = 'holdfast.sla-breached.v1' ORDER BY seq"};

TEST_F(TicketLifeTest, FromTakenToClosed) {
  clock.advance(5min);
  ASSERT_TRUE(run(assign_ticket, {.id = ticket.id, .owner_id = owner}));
  clock.advance(1h);
  ASSERT_TRUE(run(link_carrier_ticket, {.id = ticket.id, .carrier = "Lumen", .carrier_ticket = "L-1"}));
  ASSERT_TRUE(run(resolve_ticket, {.id = ticket.id, .resolution = "card replaced"}));
  const auto closed = run(close_ticket, {.id = ticket.id});
  ASSERT_TRUE(closed) << describe(closed.error());
  EXPECT_EQ(closed->status, TicketStatus::closed);
  EXPECT_EQ(closed->carrier_ticket, "L-1");
  EXPECT_EQ(published(),
            (Published{"sla-met 14:05:00", "ticket-status-changed 14:05:00", "ticket-assigned 14:05:00",
                       "ticket-changed 15:05:00", "sla-met 15:05:00", "ticket-status-changed 15:05:00",
                       "ticket-resolved 15:05:00", "ticket-status-changed 15:05:00", "ticket-closed 15:05:00"}));
}

TEST_F(TicketLifeTest, ForgottenItWarnsAndBreaksAtTheInstantsPromisedHoweverLateTheTimerComes) {
  clock.advance(240h);
  fire();
  const Published all{"sla-warning 14:11:15", "sla-breached 14:15:00", "sla-warning 17:00:00", "sla-breached 18:00:00"};
  EXPECT_EQ(published(), all);
  clock.advance(24h);
  fire();
  EXPECT_EQ(published(), all) << "each once";
}

TEST_F(TicketLifeTest, WhatFellDueBeforeAChangeIsToldOfTheTicketAsItWas) {
  ASSERT_TRUE(run(assign_ticket, {.id = ticket.id, .owner_id = owner}));
  clock.advance(240h);
  ASSERT_TRUE(run(resolve_ticket, {.id = ticket.id, .resolution = "card replaced"}));
  const auto payloads = *database.read(call, [](sql::Transaction& tx) { return tx.many<sql::Bytes>(breaches); });
  ASSERT_EQ(payloads.size(), 1u);
  const auto breached = events::decode<SlaBreached>({.type = "holdfast.sla-breached.v1", .payload = payloads[0].data});
  ASSERT_TRUE(breached) << describe(breached.error());
  EXPECT_EQ(breached->ticket.status, TicketStatus::in_progress);
  EXPECT_EQ(breached->ticket.version, 2);
}

TEST_F(TicketLifeTest, PausedForTheCustomerNothingFallsDue) {
  ASSERT_TRUE(run(assign_ticket, {.id = ticket.id, .owner_id = owner}));
  ASSERT_TRUE(run(pause_ticket, {.id = ticket.id, .reason = PauseReason::pending_customer}));
  clock.advance(100h);
  fire();
  ASSERT_TRUE(run(resume_ticket, {.id = ticket.id}));
  EXPECT_EQ(published().size(), 5u);
  clock.advance(3h);
  fire();
  EXPECT_EQ(published().back(), "sla-warning 21:00:00");
}

TEST_F(TicketLifeTest, ItIsGivenToStaffAloneAndSaidOnce) {
  const StaffId kim{new_uuid()};
  const auto refused = run(assign_ticket, {.id = ticket.id, .owner_id = kim}).error();
  EXPECT_EQ(refused.reason, Reason::staff_not_found);
  EXPECT_EQ(refused.fields.at(0).field, "owner_id");
  EXPECT_TRUE(published().empty());
  ASSERT_TRUE(transactor.run(call, [&](UnitOfWork& work) { return keep_staff(work, {kim, 1}); }));
  for (int time = 0; time < 2; ++time) ASSERT_TRUE(run(assign_ticket, {.id = ticket.id, .owner_id = kim}));
  EXPECT_EQ(published(), (Published{"sla-met 14:00:00", "ticket-status-changed 14:00:00", "ticket-assigned 14:00:00",
                                    "ticket-changed 14:00:00"}));
}

TEST_F(TicketLifeTest, AnotherAgencysStaffIsNone) {
  const StaffId kim{new_uuid()};
  const auto elsewhere = service_call(AgencyId{new_uuid()}, "test", 30s);
  ASSERT_TRUE(transactor.run(elsewhere, [&](UnitOfWork& work) { return keep_staff(work, {kim, 1}); }));
  EXPECT_EQ(run(assign_ticket, {.id = ticket.id, .owner_id = kim}).error().reason, Reason::staff_not_found);
}

TEST_F(TicketLifeTest, AStaleEtagAndAnIllegalStepLeaveNothing) {
  EXPECT_EQ(run(assign_ticket, {.id = ticket.id, .owner_id = owner, .etag = "7"}).error().reason, Reason::etag_stale);
  EXPECT_EQ(run(close_ticket, {.id = ticket.id}).error().reason, Reason::illegal_transition);
  EXPECT_EQ(run(close_ticket, {.id = TicketId{new_uuid()}}).error().reason, Reason::ticket_not_found);
  EXPECT_TRUE(published().empty());
}

// R65, however late the timer comes: Monday's resolution stands when Thursday is over.
TEST_F(TicketLifeTest, ResolvedAndUnopposedItClosesByItself) {
  ASSERT_TRUE(run(assign_ticket, {.id = ticket.id, .owner_id = owner}));
  ASSERT_TRUE(run(resolve_ticket, {.id = ticket.id, .resolution = "card replaced"}));
  clock.set(*parse_instant("2026-01-09T04:59:59Z"));
  fire();
  EXPECT_EQ(ask(get_ticket, GetTicket{ticket.id}).status, TicketStatus::resolved);
  clock.advance(240h);
  fire();
  const auto closed = ask(get_ticket, GetTicket{ticket.id});
  EXPECT_EQ(closed.status, TicketStatus::closed);
  EXPECT_EQ(closed.version, 4);
  const auto all = published();
  EXPECT_EQ(Published(all.end() - 2, all.end()),
            (Published{"ticket-status-changed 05:00:00", "ticket-closed 05:00:00"}));
  fire();
  EXPECT_EQ(published(), all) << "once";
}

// R65 after a standstill of the timers: what a verb finds is the ticket that no standstill would have left.
TEST_F(TicketLifeTest, NoVerbFindsATicketOpenThatShouldHaveClosed) {
  ASSERT_TRUE(run(assign_ticket, {.id = ticket.id, .owner_id = owner}));
  ASSERT_TRUE(run(resolve_ticket, {.id = ticket.id, .resolution = "card replaced"}));
  const auto before = published();
  clock.set(*parse_instant("2026-01-09T05:00:00Z"));
  const auto refused = [](const Result<Ticket>& answer) {
    return !answer && answer.error().reason == Reason::illegal_transition &&
           answer.error().message.find("closed") != std::string::npos;
  };
  EXPECT_TRUE(refused(run(reopen_ticket, {.id = ticket.id, .etag = "3"}))) << "what the caller saw was its version";
  EXPECT_TRUE(refused(run(assign_ticket, {.id = ticket.id, .owner_id = owner})));
  EXPECT_TRUE(refused(run(link_carrier_ticket, {.id = ticket.id, .carrier = "Lumen", .carrier_ticket = "L-1"})));
  EXPECT_TRUE(refused(run(close_ticket, {.id = ticket.id})));
  EXPECT_EQ(published(), before) << "a verb that is refused leaves the close to the timer";
  fire();
  EXPECT_EQ(published().back(), "ticket-closed 05:00:00");
}

TEST_F(TicketLifeTest, AReplicaWhoseClockIsBehindMayChangeIt) {
  ASSERT_TRUE(run(assign_ticket, {.id = ticket.id, .owner_id = owner}));
  clock.advance(1h);
  ASSERT_TRUE(run(pause_ticket, {.id = ticket.id, .reason = PauseReason::pending_customer}));
  clock.advance(-1s);
  const auto resumed = run(resume_ticket, {.id = ticket.id});
  ASSERT_TRUE(resumed) << describe(resumed.error());
  const auto again = run(pause_ticket, {.id = ticket.id, .reason = PauseReason::waiting_carrier});
  ASSERT_TRUE(again) << describe(again.error());
  fire();
  clock.advance(3h);
  fire();
  EXPECT_EQ(published().back(), "sla-warning 17:00:00")
      << "the wait for the carrier, not the customer's, is what stands";
}

TEST_F(TicketLifeTest, ReopenedItStaysOpen) {
  ASSERT_TRUE(run(assign_ticket, {.id = ticket.id, .owner_id = owner}));
  ASSERT_TRUE(run(resolve_ticket, {.id = ticket.id, .resolution = "card replaced"}));
  clock.advance(24h);
  ASSERT_TRUE(run(reopen_ticket, {.id = ticket.id}));
  clock.advance(240h);
  fire();
  EXPECT_EQ(ask(get_ticket, GetTicket{ticket.id}).status, TicketStatus::in_progress);
}

}  // namespace
}  // namespace holdfast::tickets
