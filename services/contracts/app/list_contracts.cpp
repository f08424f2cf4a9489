#include "contracts/app/contracts.h"
#include "contracts/store/contracts.sql.h"
#include "runtime/sql/keyset.h"

namespace holdfast::contracts {

struct ContractPlace {
  ContractId id;
};

}  // namespace holdfast::contracts

template <>
struct holdfast::Fields<holdfast::contracts::ContractPlace> {
  static constexpr auto list = std::tuple{Field{"id", &contracts::ContractPlace::id}};
};

namespace holdfast::contracts {

Result<ContractList> list_contracts(sql::Transaction& transaction, const ListContracts& query) {
  const auto size = TRY(sql::page_rows(query.page_size));
  const auto place = query.page_token.empty() ? ContractPlace{} : TRY(sql::place_of<ContractPlace>(query.page_token));
  ContractList list;
  if (query.account_id) {
    list.contracts = TRY((transaction.many<Contract>(statements::list_of_account, transaction.agency(), place.id,
                                                     size + 1, *query.account_id)));
  } else {
    list.contracts = TRY((transaction.many<Contract>(statements::list_all, transaction.agency(), place.id, size + 1)));
  }
  list.next_page_token =
      sql::cut_page(list.contracts, size, [](const Contract& last) { return ContractPlace{last.id}; });
  return list;
}

}  // namespace holdfast::contracts
