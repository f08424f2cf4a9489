#include "accounts/app/accounts.h"
#include "accounts/domain/text.h"
#include "accounts/store/accounts.sql.h"
#include "runtime/sql/page.h"

namespace holdfast::accounts {

// By name, which no two accounts share.
struct AccountPlace {
  std::string name_key;
};

}  // namespace holdfast::accounts

template <>
struct holdfast::Fields<holdfast::accounts::AccountPlace> {
  static constexpr auto list = FieldList{Field{"name_key", &accounts::AccountPlace::name_key}};
};

namespace holdfast::accounts {

Result<AccountList> list_accounts(sql::Transaction& transaction, const ListAccounts& query) {
  const auto page = TRY(sql::page_of<AccountPlace>(query));
  AccountList list;
  list.accounts = TRY((transaction.many<Account>(statements::list_accounts, transaction.agency(), page.after,
                                                 page.limit(), query.status, query.owner_id, query.parent_id)));
  list.next_page_token =
      sql::next_page(page, list.accounts, [](const Account& last) { return AccountPlace{fold(last.name)}; });
  return list;
}

}  // namespace holdfast::accounts
