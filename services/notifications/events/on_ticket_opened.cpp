#include "notifications/events/reactions.h"

namespace holdfast::notifications {

void on_ticket_opened(events::Consumer& consumer, const Desk& desk, const LearnAccount& learn) {
  consumer.on<TicketOpened>(
      "notifications.ticket_opened",
      [&desk](events::UnitOfWork& work, const TicketOpened& event, const events::Event& envelope) {
        return tell_ticket_opened(work, desk, event, envelope.id);
      },
      [learn](const Call& call, const TicketOpened& event, const Error& error) -> Result<bool> {
        if (error.code() != Code::not_found) return false;
        return learn(call, event.ticket.account_id);
      });
}

}  // namespace holdfast::notifications
