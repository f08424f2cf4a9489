#include "notifications/events/reactions.h"
#include "notifications/events/telling.h"

namespace holdfast::notifications {

void on_contract_amended(events::Consumer& consumer, const Desk& desk, const LearnAccount& learn) {
  tell_on(consumer, "notifications.contract_amended", desk, learn, tell_contract_amended,
          [](const ContractAmended& event) { return event.contract.account_id; });
}

}  // namespace holdfast::notifications
