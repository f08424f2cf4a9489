#include "notifications/events/reactions.h"
#include "notifications/events/telling.h"

namespace holdfast::notifications {

void on_ticket_resolved(events::Consumer& consumer, const Desk& desk, const LearnAccount& learn) {
  tell_on(consumer, "notifications.ticket_resolved", desk, learn, tell_ticket_resolved,
          [](const TicketResolved& event) { return event.ticket.account_id; });
}

}  // namespace holdfast::notifications
