#include "tickets/app/change_ticket.h"
#include "tickets/app/tickets.h"

namespace holdfast::tickets {

Result<Ticket> resolve_ticket(events::UnitOfWork& work, const ResolveTicket& command) {
  return change_ticket(work, command.id, command.etag,
                       [&](Ticket ticket) { return resolve(std::move(ticket), command, work.now); });
}

}  // namespace holdfast::tickets
