#include "accounts/app/status_of.h"

#include "accounts/store/accounts.sql.h"

namespace holdfast::accounts {

Result<AccountStatus> status_of(events::UnitOfWork& work, const AccountId& account) {
  const auto status = TRY((work.transaction.maybe<AccountStatus>(statements::lock_status, account)));
  if (!status) return fail(Reason::account_not_found, "account_id", "there is no account " + to_string(account));
  return *status;
}

}  // namespace holdfast::accounts
