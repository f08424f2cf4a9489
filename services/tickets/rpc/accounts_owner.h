#pragma once

#include "runtime/command/owner.h"
#include "tickets/domain/account.h"

namespace holdfast::tickets {

// The service that owns accounts and staff, asked when a command names one whose events have not come here yet.
using AccountsOwner = command::Owner<AccountDescription, AccountId>;
using StaffOwner = command::Owner<Staff, StaffId>;

AccountsOwner accounts_owner(rpc::Client client, events::Transactor& transactor);
StaffOwner staff_owner(rpc::Client client, events::Transactor& transactor);

}  // namespace holdfast::tickets
