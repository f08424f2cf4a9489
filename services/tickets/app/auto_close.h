#pragma once

#include "runtime/events/unit_of_work.h"
#include "tickets/domain/ticket.h"

namespace holdfast::tickets {

// The timer under which a resolved ticket to which nobody objects is closed (R65).
inline constexpr std::string_view auto_close_timer = "tickets.auto_close";

// After a change of the ticket: a resolved one will be closed; one that is so no more will not.
Result<> follow_resolution(events::UnitOfWork& work, const Ticket& before, const Ticket& after);
// The locked ticket as it is by `now`: closed as of the instant at which that was due, if it was. Every verb begins
// with it, however late the timer comes.
Result<Ticket> close_if_due(events::UnitOfWork& work, const Ticket& ticket, Instant now);
// What the timer does: the same; when the ticket is due, if it is not yet.
Result<std::optional<Instant>> close_unopposed(events::UnitOfWork& work, TicketId id, Instant now);

}  // namespace holdfast::tickets
