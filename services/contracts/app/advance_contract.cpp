#include "contracts/app/contracts.h"
#include "contracts/app/hold_contract.h"
#include "contracts/store/contracts.sql.h"

namespace holdfast::contracts {

Result<std::optional<Instant>> advance_contract(events::UnitOfWork& work, ContractId id, Instant now) {
  const auto contract = TRY((work.transaction.maybe<Contract>(statements::lock_contract, id)));
  if (!contract) return std::optional<Instant>();
  const auto progress = advance(*contract, now);
  record(work, progress);
  if (!progress.steps.empty()) {
    work.transaction.defer(statements::store_contract, work.agency(), progress.contract);
  }
  return progress.next_due;
}

}  // namespace holdfast::contracts
