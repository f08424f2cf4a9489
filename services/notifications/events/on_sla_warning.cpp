#include "notifications/events/reactions.h"
#include "notifications/events/telling.h"

namespace holdfast::notifications {

void on_sla_warning(events::Consumer& consumer, const Desk& desk, const LearnAccount& learn) {
  tell_on(consumer, "notifications.sla_warning", desk, learn, tell_sla_warning,
          [](const SlaWarning& event) { return event.ticket.account_id; });
}

}  // namespace holdfast::notifications
