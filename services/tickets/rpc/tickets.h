#pragma once

#include "runtime/command/commands.h"
#include "tickets/rpc/accounts_owner.h"

namespace holdfast::tickets {

// holdfast.tickets.v1.TicketService, one line an RPC.
void serve_tickets(command::Commands& rpc, const AccountsOwner& accounts, const StaffOwner& staff);

}  // namespace holdfast::tickets
