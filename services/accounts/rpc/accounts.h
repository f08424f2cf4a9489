#pragma once

#include "accounts/app/card_cache.h"
#include "runtime/command/commands.h"

namespace holdfast::accounts {

// holdfast.accounts.v1.AccountService, one line an RPC. `cache` outlives the server.
void serve_accounts(command::Commands& rpc, CardCache& cache);

}  // namespace holdfast::accounts
