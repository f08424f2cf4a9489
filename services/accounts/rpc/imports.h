#pragma once

#include "accounts/app/imports.h"
#include "runtime/command/commands.h"

namespace holdfast::accounts {

// holdfast.accounts.v1.ImportService, one line an RPC. `desk` outlives the server.
void serve_imports(command::Commands& rpc, const ImportDesk& desk);

}  // namespace holdfast::accounts
