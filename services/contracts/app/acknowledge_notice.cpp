#include "contracts/app/contracts.h"
#include "contracts/app/hold_contract.h"

namespace holdfast::contracts {

Result<Contract> acknowledge_notice(events::UnitOfWork& work, const AcknowledgeNotice& command) {
  return decide_on(work, command,
                   [&](const Contract&, const Contract& after) { work.publish(NoticeAcknowledged{after}); });
}

}  // namespace holdfast::contracts
