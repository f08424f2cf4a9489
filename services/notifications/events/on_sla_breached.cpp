#include "notifications/events/reactions.h"
#include "notifications/events/telling.h"

namespace holdfast::notifications {

void on_sla_breached(events::Consumer& consumer, const Desk& desk, const LearnAccount& learn) {
  tell_on(consumer, "notifications.sla_breached", desk, learn, tell_sla_breached,
          [](const SlaBreached& event) { return event.ticket.account_id; });
}

}  // namespace holdfast::notifications
