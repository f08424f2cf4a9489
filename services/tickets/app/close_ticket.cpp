#include "tickets/app/change_ticket.h"
#include "tickets/app/tickets.h"

namespace holdfast::tickets {

Result<Ticket> close_ticket(events::UnitOfWork& work, const CloseTicket& command) {
  return change_ticket(work, command.id, command.etag,
                       [&](Ticket ticket) { return close(std::move(ticket), command); });
}

}  // namespace holdfast::tickets
