#include <algorithm>

#include "tickets/app/tests/with_ticket.h"

namespace holdfast::tickets {
namespace {

using Names = std::vector<std::string>;

struct TicketListsTest : WithTicket {
  Ticket open(const std::string& name, AccountId of, std::optional<LocationId> at = std::nullopt) {
    clock.advance(1min);
    return *transactor.run(call, [&](UnitOfWork& work) {
      return open_ticket(work, {.account_id = of, .location_id = at, .name = name, .priority = Priority::p1});
    });
  }
  void keep(AccountId other, StaffId its_owner) {
    ASSERT_TRUE(transactor.run(call, [&](UnitOfWork& work) {
      return keep_account(work, {other, "Other", AccountStatus::active, its_owner, Tier::key, 1});
    }));
  }
  Names names(const ListTickets& query) {
    Names names;
    for (const auto& one : ask(list_tickets, query).tickets) names.push_back(one.name);
    return names;
  }
};

TEST_F(TicketListsTest, NewestFirstByWhatIsNamed) {
  const AccountId other{new_uuid()};
  const StaffId kim{new_uuid()};
  keep(other, kim);
  open("Second", account);
  const auto third = open("Third", other);
  ASSERT_TRUE(run(cancel_ticket, {.id = third.id}));
  EXPECT_EQ(names({}), (Names{"Third", "Second", "Down"}));
  EXPECT_EQ(names({.account_id = account}), (Names{"Second", "Down"}));
  EXPECT_EQ(names({.location_id = location}), Names{"Down"});
  EXPECT_EQ(names({.status = TicketStatus::cancelled}), Names{"Third"});
  EXPECT_EQ(names({.owner_id = kim}), Names{"Third"});
  EXPECT_EQ(names({.open = true}), (Names{"Second", "Down"}));
  EXPECT_EQ(names({.account_id = other, .open = true}), Names{});
  const auto stranger = service_call(AgencyId{new_uuid()}, "test", 30s);
  const auto theirs = database.read(stranger, [](sql::Transaction& tx) { return list_tickets(tx, {}); });
  EXPECT_TRUE(theirs->tickets.empty());
}

TEST_F(TicketListsTest, OverdueIsWhatIsBrokenAndNotYetKept) {
  open("Taken in time", account);
  const auto late = open("Restored late", account);
  for (const auto& one : ask(list_tickets, ListTickets{.status = TicketStatus::acknowledged}).tickets) {
    ASSERT_TRUE(run(assign_ticket, {.id = one.id, .owner_id = owner}));
  }
  EXPECT_EQ(names({.overdue = true}), Names{});
  clock.advance(5h);
  fire();
  ASSERT_TRUE(run(resolve_ticket, {.id = late.id, .resolution = "card replaced"}));
  EXPECT_EQ(names({.overdue = true}), (Names{"Taken in time", "Down"}));
  EXPECT_EQ(names({.account_id = account, .overdue = true}), (Names{"Taken in time", "Down"}));
}

TEST_F(TicketListsTest, PagesShiftNothingWhenTicketsCome) {
  for (int number = 1; number < 5; ++number) open(std::to_string(number), account);
  const auto first = ask(list_tickets, ListTickets{.account_id = account, .page_size = 2});
  ASSERT_EQ(first.tickets.size(), 2u);
  open("between", account);
  const auto second =
      ask(list_tickets, ListTickets{.account_id = account, .page_size = 2, .page_token = first.next_page_token});
  EXPECT_EQ(second.tickets[0].name, "2");
  const auto last =
      ask(list_tickets, ListTickets{.account_id = account, .page_size = 2, .page_token = second.next_page_token});
  EXPECT_EQ(last.tickets[0].name, "Down");
  EXPECT_EQ(last.next_page_token, "");
  const auto refused = database.read(call, [](sql::Transaction& tx) { return list_tickets(tx, {.page_token = "no"}); });
  EXPECT_EQ(refused.error().reason, Reason::page_token_invalid);
}

TEST_F(TicketListsTest, WhatATicketWasAndWhen) {
  clock.advance(5min);
  ASSERT_TRUE(run(assign_ticket, {.id = ticket.id, .owner_id = owner}));
  ASSERT_TRUE(run(link_carrier_ticket, {.id = ticket.id, .carrier = "Lumen", .carrier_ticket = "L-1"}));
  ASSERT_TRUE(run(pause_ticket, {.id = ticket.id, .reason = PauseReason::no_access}));
  const auto opened = *parse_instant("2026-01-05T14:00:00Z");
  const auto all = ask(list_status_changes, ListStatusChanges{.ticket_id = ticket.id}).changes;
  EXPECT_EQ(all, (std::vector<StatusChange>{
                     {1, TicketStatus::acknowledged, std::nullopt, opened, "test"},
                     {2, TicketStatus::in_progress, std::nullopt, opened + 5min, "test"},
                     {4, TicketStatus::held, PauseReason::no_access, opened + 5min, "test"},
                 }));
  const auto first = ask(list_status_changes, ListStatusChanges{.ticket_id = ticket.id, .page_size = 2});
  const auto second =
      ask(list_status_changes,
          ListStatusChanges{.ticket_id = ticket.id, .page_size = 2, .page_token = first.next_page_token});
  EXPECT_EQ(second.changes, std::vector<StatusChange>{all.back()});
}

TEST_F(TicketListsTest, WhatWasPromisedAndHowItStands) {
  const auto standings = [&](TicketId id) {
    return database.read(call, [&](sql::Transaction& tx) { return list_promises(tx, {id}, clock.now()); });
  };
  const auto opened = clock.now();
  clock.advance(12min);
  auto promises = standings(ticket.id)->promises;
  ASSERT_EQ(promises.size(), 2u);
  EXPECT_EQ(promises[0].name, PromiseName::acknowledge);
  EXPECT_EQ(promises[0].state, SlaState::warned) << "whether the timer has fired or not";
  EXPECT_EQ(promises[0].due_at, opened + 15min);
  EXPECT_EQ(promises[0].elapsed_seconds, 720);
  EXPECT_EQ(promises[0].remaining_seconds, 180);
  EXPECT_EQ(promises[1].warns_at, opened + 3h);
  ASSERT_TRUE(run(assign_ticket, {.id = ticket.id, .owner_id = owner}));
  ASSERT_TRUE(run(pause_ticket, {.id = ticket.id, .reason = PauseReason::pending_customer}));
  clock.advance(24h);
  promises = standings(ticket.id)->promises;
  EXPECT_EQ(promises[0].state, SlaState::met);
  EXPECT_EQ(promises[0].stopped_at, opened + 12min);
  EXPECT_EQ(promises[1].state, SlaState::paused);
  EXPECT_EQ(promises[1].due_at, std::nullopt);
  EXPECT_EQ(promises[1].elapsed_seconds, 720);
  EXPECT_EQ(standings(TicketId{new_uuid()}).error().reason, Reason::ticket_not_found);
}

}  // namespace
}  // namespace holdfast::tickets
