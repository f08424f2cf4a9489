#include "tickets/service.h"

#include "tickets/app/register_timers.h"
#include "tickets/events/book.h"
#include "tickets/events/own_tickets.h"
#include "tickets/migrations.h"
#include "tickets/rpc/tickets.h"
#include "tickets/store/constraints.h"
#include "tickets/store/invariants.sql.h"

namespace holdfast::tickets {

Tickets::Tickets(app::Process& process)
    : Service(process, {.name = "tickets",
                        .migrations = migrations,
                        .constraints = constraints,
                        .consumes = {"holdfast.accounts"},
                        .invariants = statements::all_of_invariants}) {
  process.declare_peer("accounts");
}

Result<> Tickets::add() {
  auto accounts = TRY(process().connect("accounts", name()));
  accounts_.emplace(accounts_owner(std::move(accounts), transactor()));
  auto staff = TRY(process().connect("accounts", name()));
  staff_.emplace(staff_owner(std::move(staff), transactor()));
  serve_tickets(serve("holdfast.tickets.v1.TicketService"), *accounts_, *staff_);
  follow_book(consumer());
  register_timers(business_timers());
  return {};
}

void Tickets::take_back(events::OwnEvents& own) { take_back_tickets(own); }

void Tickets::keep_copies(events::Consumer& consumer) { follow_book(consumer); }

}  // namespace holdfast::tickets
