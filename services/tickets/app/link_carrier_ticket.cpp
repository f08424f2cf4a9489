#include "tickets/app/change_ticket.h"
#include "tickets/app/tickets.h"

namespace holdfast::tickets {

Result<Ticket> link_carrier_ticket(events::UnitOfWork& work, const LinkCarrierTicket& command) {
  return change_ticket(work, command.id, command.etag,
                       [&](Ticket ticket) { return link_carrier(std::move(ticket), command); });
}

}  // namespace holdfast::tickets
