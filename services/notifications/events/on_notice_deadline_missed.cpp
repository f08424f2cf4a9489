#include "notifications/events/reactions.h"
#include "notifications/events/telling.h"

namespace holdfast::notifications {

void on_notice_deadline_missed(events::Consumer& consumer, const Desk& desk, const LearnAccount& learn) {
  tell_on(consumer, "notifications.notice_deadline_missed", desk, learn, tell_notice_deadline_missed,
          [](const NoticeDeadlineMissed& event) { return event.contract.account_id; });
}

}  // namespace holdfast::notifications
