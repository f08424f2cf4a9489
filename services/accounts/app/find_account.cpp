#include "accounts/app/find_account.h"

#include "accounts/store/accounts.sql.h"

namespace holdfast::accounts {

Result<Account> find_account(sql::Transaction& transaction, const AccountId& id, const char* field) {
  auto account = TRY((transaction.maybe<Account>(statements::load_account, id)));
  if (!account) return fail(Reason::account_not_found, field, "there is no account " + to_string(id));
  return *std::move(account);
}

}  // namespace holdfast::accounts
