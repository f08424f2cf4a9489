#include "notifications/domain/ticket_news.h"

namespace holdfast::notifications {

bool still_true(const TicketNews& news) {
  switch (news.event) {
    case TicketEvent::opened:
      return !is_over(news.status);
    case TicketEvent::assigned:
      return !is_over(news.status) && !news.reassigned;
    case TicketEvent::resolved:
      return is_over(news.status);
    case TicketEvent::warning:
      if (news.broken) return false;
      return news.promise == Promise::acknowledge ? news.status == TicketStatus::acknowledged : !is_over(news.status);
    case TicketEvent::breached:
      return true;
  }
  __builtin_unreachable();
}

}  // namespace holdfast::notifications
