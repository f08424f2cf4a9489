#include "contracts/app/contracts.h"
#include "contracts/app/hold_contract.h"

namespace holdfast::contracts {

Result<Contract> send_notice(events::UnitOfWork& work, const SendNotice& command) {
  return decide_on(work, command, [&](const Contract&, const Contract& after) { work.publish(NoticeSent{after}); });
}

}  // namespace holdfast::contracts
