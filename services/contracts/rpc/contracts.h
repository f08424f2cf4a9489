#pragma once

#include "contracts/rpc/accounts_owner.h"
#include "runtime/command/commands.h"

namespace holdfast::contracts {

// holdfast.contracts.v1.ContractService, one line an RPC.
void serve_contracts(command::Commands& rpc, const AccountsOwner& accounts);
// holdfast.contracts.v1.OrderService
void serve_orders(command::Commands& rpc);

}  // namespace holdfast::contracts
