#include "tickets/rpc/tickets.h"

#include "tickets/app/tickets.h"

namespace holdfast::tickets {

void serve_tickets(command::Commands& rpc, const AccountsOwner& accounts) {
  rpc.command("OpenTicket", open_ticket, accounts.learner<OpenTicket>());
  rpc.query("GetTicket", get_ticket);
}

}  // namespace holdfast::tickets
