#include "tickets/app/change_ticket.h"
#include "tickets/app/tickets.h"

namespace holdfast::tickets {

Result<Ticket> reopen_ticket(events::UnitOfWork& work, const ReopenTicket& command) {
  return change_ticket(work, command.id, command.etag,
                       [&](Ticket ticket) { return reopen(std::move(ticket), command); });
}

}  // namespace holdfast::tickets
