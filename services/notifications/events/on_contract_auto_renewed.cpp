#include "notifications/events/reactions.h"
#include "notifications/events/telling.h"

namespace holdfast::notifications {

void on_contract_auto_renewed(events::Consumer& consumer, const Desk& desk, const LearnAccount& learn) {
  tell_on(consumer, "notifications.contract_auto_renewed", desk, learn, tell_contract_auto_renewed,
          [](const ContractAutoRenewed& event) { return event.contract.account_id; });
}

}  // namespace holdfast::notifications
