#pragma once

#include "runtime/events/unit_of_work.h"
#include "tickets/domain/promises.h"

namespace holdfast::tickets {

// The timer under which a ticket's promises fall due.
inline constexpr std::string_view promises_timer = "tickets.promises";

// A new ticket's promises, on the calendar of its place; stored, with their timer set.
Result<> promise(events::UnitOfWork& work, const Ticket& ticket, Lane lane);
// After a change of the ticket: what that does to its promises is stored and published.
Result<> follow_promises(events::UnitOfWork& work, const Ticket& before, const Ticket& after, Instant at);
// What the timer does: everything due by now is published; when something is due next.
Result<std::optional<Instant>> advance_promises(events::UnitOfWork& work, TicketId id, Instant now);

}  // namespace holdfast::tickets
