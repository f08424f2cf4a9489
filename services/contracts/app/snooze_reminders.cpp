#include "contracts/app/contracts.h"
#include "contracts/app/hold_contract.h"

namespace holdfast::contracts {

Result<Contract> snooze_reminders(events::UnitOfWork& work, const SnoozeReminders& command) {
  return decide_on(work, command, [&](const Contract& before, const Contract& after) {
    work.publish(ContractAmended{after, before, Change::snooze, ""});
  });
}

}  // namespace holdfast::contracts
