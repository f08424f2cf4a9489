#include <algorithm>

#include "notifications/app/deliveries.h"
#include "notifications/store/deliveries.sql.h"
#include "notifications/store/subscriptions.sql.h"

namespace holdfast::notifications {
namespace {

// When the lane has something to do next: this delivery again, or the one behind it. That may wait for a retry of its
// own: a replay has gone ahead of it.
Result<std::optional<Instant>> next_of_lane(events::UnitOfWork& work, const Delivery& delivery, const Uuid& lane,
                                            Instant system_now) {
  if (!delivery.ended_at) return delivery.next_attempt_at;
  const auto behind = TRY((work.transaction.maybe<Delivery>(statements::head_of_lane, delivery.subscription_id, lane)));
  if (!behind) return std::optional<Instant>();
  return std::max(system_now, behind->next_attempt_at.value_or(system_now));
}

}  // namespace

Result<> record_attempt(events::UnitOfWork& work, const Webhooks& webhooks, const ClaimedDelivery& claimed,
                        const Outcome& outcome, DeliveryAttempt attempt, const RandomFraction& random) {
  const auto& before = claimed.delivery;
  const auto lane = before.account_id.value_or(AccountId{}).uuid;
  const auto system_now = webhooks.system_clock.now();
  TRY(work.transaction.exec(statements::lock_lane, before.subscription_id, lane));
  const auto current = TRY((work.transaction.maybe<Delivery>(statements::lock_delivery, before.id)));
  if (!current || current->version != before.version) return {};
  const auto subscription =
      TRY((work.transaction.maybe<Subscription>(statements::lock_subscription, before.subscription_id)));
  const auto state = subscription ? subscription->state : SubscriptionState::disabled;

  const auto after = TRY(end_attempt(*current, claimed.tries, state, outcome, system_now, work.now, random));
  attempt.number = after.delivery.attempts;
  work.transaction.defer(statements::insert_attempt, work.agency(), after.delivery.id, attempt);
  work.transaction.defer(statements::update_delivery, after.delivery.id, after.delivery.state, after.delivery.attempts,
                         after.delivery.next_attempt_at, after.delivery.ended_at, after.delivery.version,
                         claimed.tries);
  if (subscription && after.subscription != state) {
    const auto changed = TRY(change_state(*subscription, after.subscription));
    work.transaction.defer(statements::update_subscription, changed.id, changed.state, changed.version);
  }
  const auto next_due = TRY(next_of_lane(work, after.delivery, lane, system_now));
  work.transaction.defer(statements::set_lane, before.subscription_id, lane, next_due, false);
  if (after.delivery.state == DeliveryState::dead_lettered) work.publish(DeliveryDeadLettered{after.delivery});
  attend_to(work, webhooks, before.subscription_id);
  return {};
}

}  // namespace holdfast::notifications
