#include "notifications/events/reactions.h"
#include "notifications/events/telling.h"

namespace holdfast::notifications {

void on_contract_expiring(events::Consumer& consumer, const Desk& desk, const LearnAccount& learn) {
  tell_on(consumer, "notifications.contract_expiring", desk, learn, tell_contract_expiring,
          [](const ContractExpiring& event) { return event.contract.account_id; });
}

}  // namespace holdfast::notifications
