#include "accounts/app/accounts.h"
#include "accounts/app/find_account.h"

namespace holdfast::accounts {

Result<Account> get_account(sql::Transaction& transaction, const GetAccount& query) {
  return find_account(transaction, query.id, "id");
}

}  // namespace holdfast::accounts
