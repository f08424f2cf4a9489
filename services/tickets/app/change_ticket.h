#pragma once

#include <functional>

#include "runtime/events/unit_of_work.h"
#include "tickets/domain/ticket_life.h"

namespace holdfast::tickets {

// What every change of a ticket has in common: lock it, check what the caller saw, decide, store, let its promises
// follow, and publish what before and after say has happened.
Result<Ticket> change_ticket(events::UnitOfWork& work, TicketId id, const std::string& etag,
                             const std::function<Result<Ticket>(Ticket)>& rule);
// The same for what became so at an instant that has passed by now.
Result<Ticket> change_ticket(events::UnitOfWork& work, TicketId id, const std::string& etag,
                             const std::function<Result<Ticket>(Ticket)>& rule, Instant at);

// What it has become, for its history.
void note_status(events::UnitOfWork& work, const Ticket& ticket, Instant at);

}  // namespace holdfast::tickets
