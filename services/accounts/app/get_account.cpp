#include "accounts/app/accounts.h"
#include "accounts/store/accounts.sql.h"

namespace holdfast::accounts {

Result<Account> get_account(sql::Transaction& transaction, const GetAccount& query) {
  auto account = TRY((transaction.maybe<Account>(statements::load_account, query.id)));
  if (!account) return fail(Reason::account_not_found, "id", "there is no account " + to_string(query.id));
  return *std::move(account);
}

}  // namespace holdfast::accounts
