#include "tickets/app/change_ticket.h"
#include "tickets/app/tickets.h"

namespace holdfast::tickets {

Result<Ticket> pause_ticket(events::UnitOfWork& work, const PauseTicket& command) {
  return change_ticket(work, command.id, command.etag,
                       [&](Ticket ticket) { return pause(std::move(ticket), command); });
}

}  // namespace holdfast::tickets
