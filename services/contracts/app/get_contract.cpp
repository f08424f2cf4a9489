#include "contracts/app/contracts.h"
#include "contracts/store/contracts.sql.h"

namespace holdfast::contracts {

Result<Contract> get_contract(sql::Transaction& transaction, const GetContract& query) {
  auto contract = TRY((transaction.maybe<Contract>(statements::load_contract, query.id)));
  if (!contract) return fail(Reason::contract_not_found, "id", "there is no contract " + to_string(query.id));
  return *std::move(contract);
}

}  // namespace holdfast::contracts
