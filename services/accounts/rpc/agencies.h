#pragma once

#include "accounts/app/agencies.h"
#include "runtime/command/commands.h"

namespace holdfast::accounts {

// holdfast.accounts.v1.AgencyService, one line an RPC. `tokens` outlives the server.
void serve_agencies(command::Commands& rpc, const TokenMaker& tokens);

}  // namespace holdfast::accounts
