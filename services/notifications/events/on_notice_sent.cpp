#include "notifications/events/reactions.h"
#include "notifications/events/telling.h"

namespace holdfast::notifications {

void on_notice_sent(events::Consumer& consumer, const Desk& desk, const LearnAccount& learn) {
  tell_on(consumer, "notifications.notice_sent", desk, learn, tell_notice_sent,
          [](const NoticeSent& event) { return event.contract.account_id; });
}

}  // namespace holdfast::notifications
