#pragma once

#include "runtime/command/commands.h"

namespace holdfast::accounts {

// holdfast.accounts.v1.AccountService, one line an RPC.
void serve_accounts(command::Commands& rpc);

}  // namespace holdfast::accounts
