#include "tickets/service.h"

#include "tickets/app/auto_close.h"
#include "tickets/app/promises.h"
#include "tickets/events/book.h"
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
  serve_tickets(serve("holdfast.tickets.v1.TicketService"), *accounts_);
  follow_book(consumer());
  business_timers().on(std::string(promises_timer), [](events::UnitOfWork& work, Uuid ticket, Instant now) {
    return advance_promises(work, TicketId{ticket}, now);
  });
  business_timers().on(std::string(auto_close_timer), [](events::UnitOfWork& work, Uuid ticket, Instant now) {
    return close_unopposed(work, TicketId{ticket}, now);
  });
  return {};
}

}  // namespace holdfast::tickets
