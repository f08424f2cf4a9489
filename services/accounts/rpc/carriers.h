#pragma once

#include "runtime/command/commands.h"

namespace holdfast::accounts {

// holdfast.accounts.v1.CarrierService, one line an RPC.
void serve_carriers(command::Commands& rpc);

}  // namespace holdfast::accounts
