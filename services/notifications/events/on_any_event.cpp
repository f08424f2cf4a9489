#include "notifications/events/reactions.h"

namespace holdfast::notifications {

void on_any_event(events::Consumer& consumer, const Webhooks& webhooks) {
  consumer.on("notifications.webhooks", "", [&webhooks](events::UnitOfWork& work, const events::Event& event) {
    return make_deliveries(work, webhooks, event);
  });
}

}  // namespace holdfast::notifications
