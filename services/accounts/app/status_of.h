#pragma once

#include "accounts/domain/account.h"
#include "runtime/events/unit_of_work.h"

namespace holdfast::accounts {

// Locked, so that the account is not closed before the commit. ACCOUNT_NOT_FOUND.
Result<AccountStatus> status_of(events::UnitOfWork& work, const AccountId& account);

}  // namespace holdfast::accounts
