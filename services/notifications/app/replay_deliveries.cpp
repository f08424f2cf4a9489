#include "notifications/app/deliveries.h"
#include "notifications/store/deliveries.sql.h"
#include "notifications/store/subscriptions.sql.h"

namespace holdfast::notifications {
namespace {

constexpr std::int32_t from_the_first_try = 0;

Uuid lane_of(const Delivery& delivery) { return delivery.account_id.value_or(AccountId{}).uuid; }

Result<std::vector<Delivery>> lock_since(events::UnitOfWork& work, const SubscriptionId& subscription, Instant from) {
  constexpr auto most = max_replayed + 1;
  const auto lanes = TRY((work.transaction.many<Uuid>(statements::lock_lanes_of_replay, subscription, from, most)));
  return work.transaction.many<Delivery>(statements::replayable, subscription, from, most, lanes);
}

Result<std::vector<Delivery>> lock_one(events::UnitOfWork& work, const SubscriptionId& subscription,
                                       const DeliveryId& id) {
  const auto found = TRY((work.transaction.maybe<Delivery>(statements::load_delivery, id)));
  if (!found || found->subscription_id != subscription) {
    return fail(Reason::delivery_not_found, "delivery_id", "there is no delivery " + to_string(id));
  }
  TRY(work.transaction.exec(statements::lock_lane, subscription, lane_of(*found)));
  return work.transaction.many<Delivery>(statements::lock_delivery, id);
}

// The lanes first, then the deliveries, as everybody does.
Result<std::vector<Delivery>> lock(events::UnitOfWork& work, const ReplayDeliveries& command) {
  return command.delivery_id ? lock_one(work, command.subscription_id, *command.delivery_id)
                             : lock_since(work, command.subscription_id, *command.from);
}

}  // namespace

Result<DeliveryWithAttempts> get_delivery(sql::Transaction& transaction, const GetDelivery& query) {
  auto delivery = TRY((transaction.maybe<Delivery>(statements::load_delivery, query.id)));
  if (!delivery) return fail(Reason::delivery_not_found, "id", "there is no delivery " + to_string(query.id));
  auto attempts = TRY((transaction.many<DeliveryAttempt>(statements::load_attempts, query.id)));
  return DeliveryWithAttempts{*std::move(delivery), std::move(attempts)};
}

Result<Replayed> replay_deliveries(events::UnitOfWork& work, const Webhooks& webhooks,
                                   const ReplayDeliveries& command) {
  if (command.delivery_id.has_value() == command.from.has_value()) {
    return fail(Reason::field_required, "from", "either a delivery or an instant is given");
  }
  const auto subscription =
      TRY((work.transaction.maybe<Subscription>(statements::load_subscription, command.subscription_id)));
  if (!subscription) {
    return fail(Reason::subscription_not_found, "subscription_id",
                "there is no subscription " + to_string(command.subscription_id));
  }
  auto found = TRY(lock(work, command));
  Replayed answer;
  if (found.size() > static_cast<size_t>(max_replayed)) {
    answer.next_from = found.back().created_at;
    found.pop_back();
  }
  const auto system_now = webhooks.system_clock.now();
  for (auto& delivery : found) {
    auto again = TRY(replay(std::move(delivery)));
    again.next_attempt_at = system_now;
    work.transaction.defer(statements::hurry_lane, work.agency(), again.subscription_id, lane_of(again), system_now);
    work.transaction.defer(statements::update_delivery, again.id, again.state, again.attempts, again.next_attempt_at,
                           again.ended_at, again.version, from_the_first_try);
    ++answer.replayed;
  }
  if (answer.replayed > 0) attend_to(work, webhooks, command.subscription_id);
  return answer;
}

}  // namespace holdfast::notifications
