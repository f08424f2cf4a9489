#include "contracts/app/contracts.h"
#include "contracts/app/hold_contract.h"

namespace holdfast::contracts {

Result<Contract> terminate_contract(events::UnitOfWork& work, const TerminateContract& command) {
  return decide_on(work, command, [&](const Contract& before, const Contract& after) {
    work.publish(ContractAmended{after, before, Change::terminate, command.reason});
  });
}

}  // namespace holdfast::contracts
