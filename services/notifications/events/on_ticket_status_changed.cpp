#include "notifications/events/reactions.h"

namespace holdfast::notifications {

void on_ticket_status_changed(events::Consumer& consumer) {
  consumer.on<TicketStatusChanged>(
      "notifications.ticket_status_changed",
      [](events::UnitOfWork& work, const TicketStatusChanged& event) { return follow_ticket(work, event); });
}

}  // namespace holdfast::notifications
