#include "tickets/app/change_ticket.h"
#include "tickets/app/tickets.h"

namespace holdfast::tickets {

Result<Ticket> assign_ticket(events::UnitOfWork& work, const AssignTicket& command) {
  return change_ticket(work, command.id, command.etag,
                       [&](Ticket ticket) { return assign(std::move(ticket), command); });
}

}  // namespace holdfast::tickets
