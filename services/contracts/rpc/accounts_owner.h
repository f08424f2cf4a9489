#pragma once

#include "contracts/domain/account.h"
#include "runtime/command/owner.h"

namespace holdfast::contracts {

// The service that owns accounts, asked when a command names one whose events have not come here yet.
using AccountsOwner = command::Owner<AccountDescription, AccountId>;

AccountsOwner accounts_owner(rpc::Client client, events::Transactor& transactor);

}  // namespace holdfast::contracts
