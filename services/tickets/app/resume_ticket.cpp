#include "tickets/app/change_ticket.h"
#include "tickets/app/tickets.h"

namespace holdfast::tickets {

Result<Ticket> resume_ticket(events::UnitOfWork& work, const ResumeTicket& command) {
  return change_ticket(work, command.id, command.etag,
                       [&](Ticket ticket) { return resume(std::move(ticket), command); });
}

}  // namespace holdfast::tickets
