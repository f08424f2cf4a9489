#include "tickets/events/own_tickets.h"

#include "tickets/app/tickets.h"

namespace holdfast::tickets {

// Every event carries the whole ticket, so they give it back one after the other.
void take_back_tickets(events::OwnEvents& own) {
  own.on_all<Ticket>("holdfast.tickets.v1.Ticket", "ticket", "tickets.take_back.",
                     [](events::UnitOfWork& work, const Ticket& ticket, const events::Event& event) -> Result<bool> {
                       CHECK_OK(take_back_ticket(work, ticket, event.occurred_at));
                       return true;
                     });
}

}  // namespace holdfast::tickets
