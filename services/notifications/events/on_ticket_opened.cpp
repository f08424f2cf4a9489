#include "notifications/events/reactions.h"
#include "notifications/events/telling.h"

namespace holdfast::notifications {

void on_ticket_opened(events::Consumer& consumer, const Desk& desk, const LearnAccount& learn) {
  tell_on(consumer, "notifications.ticket_opened", desk, learn, tell_ticket_opened,
          [](const TicketOpened& event) { return event.ticket.account_id; });
}

}  // namespace holdfast::notifications
