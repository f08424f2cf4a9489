#include "accounts/app/accounts.h"
#include "accounts/store/accounts.sql.h"
#include "accounts/store/agencies.sql.h"

namespace holdfast::accounts {

Result<AccountDescription> describe_account(sql::Transaction& transaction, const DescribeAccount& query) {
  auto account = TRY(get_account(transaction, {query.id}));
  auto locations = TRY((transaction.many<Location>(statements::locations_of, query.id)));
  auto contacts = TRY((transaction.many<Contact>(statements::contacts_of, query.id)));
  auto owner = TRY((transaction.one<Staff>(statements::load_staff, account.owner_id)));
  return AccountDescription{std::move(account), std::move(locations), std::move(contacts), std::move(owner)};
}

}  // namespace holdfast::accounts
