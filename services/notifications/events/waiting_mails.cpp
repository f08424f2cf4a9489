#include "notifications/events/reactions.h"

namespace holdfast::notifications {

void keep_waiting_mails(events::Consumer& consumer) {
  consumer.on<TicketStatusChanged>(
      "notifications.ticket_status_changed",
      [](events::UnitOfWork& work, const TicketStatusChanged& event) { return follow_ticket(work, event); });
  consumer.on<SlaBreached>("notifications.promise_broken", [](events::UnitOfWork& work, const SlaBreached& event) {
    return break_promise(work, event);
  });
  consumer.on<TicketAssigned>(
      "notifications.ticket_reassigned",
      [](events::UnitOfWork& work, const TicketAssigned& event) { return give_away(work, event); });
}

}  // namespace holdfast::notifications
