#include "tickets/app/change_ticket.h"
#include "tickets/app/tickets.h"

namespace holdfast::tickets {

Result<Ticket> cancel_ticket(events::UnitOfWork& work, const CancelTicket& command) {
  return change_ticket(work, command.id, command.etag,
                       [&](Ticket ticket) { return cancel(std::move(ticket), command); });
}

}  // namespace holdfast::tickets
