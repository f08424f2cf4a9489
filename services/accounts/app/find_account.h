#pragma once

#include "accounts/domain/account.h"
#include "runtime/sql/transaction.h"

namespace holdfast::accounts {

// The account that `field` of a request names. ACCOUNT_NOT_FOUND.
Result<Account> find_account(sql::Transaction& transaction, const AccountId& id, const char* field);

}  // namespace holdfast::accounts
