#include "notifications/domain/ticket_news.h"

namespace holdfast::notifications {

bool still_true(const TicketNews& news, Instant now) {
  switch (news.event) {
    case TicketEvent::opened:
      return !is_over(news.status);
    case TicketEvent::resolved:
      return is_over(news.status);
    case TicketEvent::warning:
      if (news.due_at && *news.due_at <= now) return false;
      return news.promise == Promise::acknowledge ? news.status == TicketStatus::acknowledged : !is_over(news.status);
    case TicketEvent::breached:
      return true;
  }
  __builtin_unreachable();
}

}  // namespace holdfast::notifications
