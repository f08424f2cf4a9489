#pragma once

#include "notifications/domain/book.h"
#include "runtime/command/owner.h"

namespace holdfast::notifications {

struct AccountOfAgency {
  AccountDescription account;
  Agency agency;
};

// The service that owns the book, asked when an event names an account whose own events have not come here yet; for
// two calls, since it tells of the agency apart.
using AccountsOwner = command::Owner<AccountOfAgency, AccountId>;

AccountsOwner accounts_owner(rpc::Client client, events::Transactor& transactor);

using StaffOwner = command::Owner<Staff, StaffId>;

StaffOwner staff_owner(rpc::Client client, events::Transactor& transactor);

}  // namespace holdfast::notifications
