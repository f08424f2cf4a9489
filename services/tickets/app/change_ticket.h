#pragma once

#include <functional>

#include "runtime/events/unit_of_work.h"
#include "tickets/domain/ticket_life.h"

namespace holdfast::tickets {

// What every change of a ticket has in common: lock it, check what the caller saw, let it close if it should have by
// now, decide, and record what was decided. TICKET_NOT_FOUND, ETAG_STALE.
Result<Ticket> change_ticket(events::UnitOfWork& work, TicketId id, const std::string& etag,
                             const std::function<Result<Ticket>(Ticket)>& rule);

// Stores what a locked ticket became at an instant that has passed by now, lets its promises follow, and publishes what
// before and after say has happened.
Result<> record_change(events::UnitOfWork& work, const Ticket& before, const Ticket& after, Instant at);

// What it has become, for its history.
void note_status(events::UnitOfWork& work, const Ticket& ticket, Instant at);

}  // namespace holdfast::tickets
