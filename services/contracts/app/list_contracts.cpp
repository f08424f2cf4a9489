#include "contracts/app/contracts.h"
#include "contracts/store/contracts.sql.h"
#include "runtime/sql/page.h"

namespace holdfast::contracts {

struct ContractPlace {
  ContractId id;
};

}  // namespace holdfast::contracts

template <>
struct holdfast::Fields<holdfast::contracts::ContractPlace> {
  static constexpr auto list = FieldList{Field{"id", &contracts::ContractPlace::id}};
};

namespace holdfast::contracts {

Result<ContractList> list_contracts(sql::Transaction& transaction, const ListContracts& query) {
  const auto page = TRY(sql::page_of<ContractPlace>(query));
  const auto rows_of = [&](const auto&... arguments) { return transaction.many<Contract>(arguments...); };
  ContractList list;
  list.contracts =
      TRY(query.account_id
              ? rows_of(statements::list_of_account, transaction.agency(), page.after, page.limit(), *query.account_id)
              : rows_of(statements::list_all, transaction.agency(), page.after, page.limit()));
  list.next_page_token =
      sql::next_page(page, list.contracts, [](const Contract& last) { return ContractPlace{last.id}; });
  return list;
}

}  // namespace holdfast::contracts
