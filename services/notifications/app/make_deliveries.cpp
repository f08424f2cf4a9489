#include "notifications/app/deliveries.h"
#include "notifications/store/deliveries.sql.h"
#include "notifications/store/subscriptions.sql.h"
#include "runtime/events/cloud_event.h"

namespace holdfast::notifications {

Result<> make_deliveries(events::UnitOfWork& work, const Webhooks& webhooks, const events::Event& event) {
  const auto name = events::name_of_type(event.type);
  const auto lane = events::account_of(event).value_or(Uuid{});
  const auto subscriptions =
      TRY((work.transaction.many<SubscriptionId>(statements::matching_subscriptions, name, lane)));
  if (subscriptions.empty()) return {};
  const auto body = TRY(events::cloud_event_json(event));
  const auto due = webhooks.system_clock.now();
  std::vector<DeliveryId> ids;
  for (size_t count = 0; count < subscriptions.size(); ++count) ids.push_back(new_id<DeliveryId>(work.now));
  work.transaction.defer(statements::keep_body, work.agency(), event.id, body, work.now);
  work.transaction.defer(statements::open_lanes, work.agency(), subscriptions, lane, due);
  work.transaction.defer(statements::insert_deliveries, work.agency(), ids, subscriptions, event.id, name, lane, due,
                         work.now);
  for (const auto& subscription : subscriptions) attend_to(work, webhooks, subscription);
  return {};
}

}  // namespace holdfast::notifications
