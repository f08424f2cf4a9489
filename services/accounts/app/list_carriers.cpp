#include "accounts/app/carriers.h"
#include "accounts/app/find_account.h"
#include "accounts/domain/text.h"
#include "accounts/store/carriers.sql.h"
#include "runtime/sql/page.h"

namespace holdfast::accounts {

// By name, which no two carriers share.
struct CarrierPlace {
  std::string name_key;
};

struct CarrierAccountPlace {
  CarrierAccountId id;
};

}  // namespace holdfast::accounts

namespace holdfast {

template <>
struct Fields<accounts::CarrierPlace> {
  static constexpr auto list = FieldList{Field{"name_key", &accounts::CarrierPlace::name_key}};
};

template <>
struct Fields<accounts::CarrierAccountPlace> {
  static constexpr auto list = FieldList{Field{"id", &accounts::CarrierAccountPlace::id}};
};

}  // namespace holdfast

namespace holdfast::accounts {

Result<CarrierList> list_carriers(sql::Transaction& transaction, const ListCarriers& query) {
  const auto page = TRY(sql::page_of<CarrierPlace>(query));
  CarrierList list;
  list.carriers =
      TRY((transaction.many<Carrier>(statements::list_carriers, transaction.agency(), page.after, page.limit())));
  list.next_page_token =
      sql::next_page(page, list.carriers, [](const Carrier& last) { return CarrierPlace{fold(last.name)}; });
  return list;
}

Result<CarrierAccountList> list_carrier_accounts(sql::Transaction& transaction, const ListCarrierAccounts& query) {
  CHECK_OK(find_account(transaction, query.account_id, "account_id"));
  const auto page = TRY(sql::page_of<CarrierAccountPlace>(query));
  CarrierAccountList list;
  list.carrier_accounts = TRY((transaction.many<CarrierAccount>(statements::list_carrier_accounts, transaction.agency(),
                                                                page.after, page.limit(), query.account_id)));
  list.next_page_token = sql::next_page(page, list.carrier_accounts,
                                        [](const CarrierAccount& last) { return CarrierAccountPlace{last.id}; });
  return list;
}

}  // namespace holdfast::accounts
