#include "notifications/events/reactions.h"
#include "notifications/events/telling.h"

namespace holdfast::notifications {

void on_contract_expired(events::Consumer& consumer, const Desk& desk, const LearnAccount& learn) {
  tell_on(consumer, "notifications.contract_expired", desk, learn, tell_contract_expired,
          [](const ContractExpired& event) { return event.contract.account_id; });
}

}  // namespace holdfast::notifications
