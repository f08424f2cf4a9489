#include "notifications/events/reactions.h"
#include "notifications/events/telling.h"

namespace holdfast::notifications {

void on_contract_rolled(events::Consumer& consumer, const Desk& desk, const LearnAccount& learn) {
  tell_on(consumer, "notifications.contract_rolled", desk, learn, tell_contract_rolled,
          [](const ContractRolled& event) { return event.contract.account_id; });
}

}  // namespace holdfast::notifications
