#include "contracts/app/contracts.h"
#include "contracts/app/hold_contract.h"

namespace holdfast::contracts {

Result<Contract> decide_to_stay(events::UnitOfWork& work, const DecideToStay& command) {
  return decide_on(work, command, [&](const Contract& before, const Contract& after) {
    work.publish(ContractAmended{after, before, Change::stay, ""});
  });
}

}  // namespace holdfast::contracts
