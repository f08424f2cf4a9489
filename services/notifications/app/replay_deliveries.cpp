#include "notifications/app/deliveries.h"
#include "notifications/store/deliveries.sql.h"
#include "notifications/store/subscriptions.sql.h"

namespace holdfast::notifications {
namespace {

constexpr std::int32_t from_the_first_try = 0;

Result<std::vector<Delivery>> find(events::UnitOfWork& work, const ReplayDeliveries& command) {
  if (!command.delivery_id) {
    return work.transaction.many<Delivery>(statements::replayable, command.subscription_id, *command.from,
                                           max_replayed + 1);
  }
  auto delivery = TRY((work.transaction.maybe<Delivery>(statements::lock_delivery, *command.delivery_id)));
  if (!delivery || delivery->subscription_id != command.subscription_id) {
    return fail(Reason::delivery_not_found, "delivery_id", "there is no delivery " + to_string(*command.delivery_id));
  }
  return std::vector{*std::move(delivery)};
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
  auto found = TRY(find(work, command));
  Replayed answer;
  if (found.size() > static_cast<size_t>(max_replayed)) {
    answer.next_from = found.back().created_at;
    found.pop_back();
  }
  const auto system_now = webhooks.system_clock.now();
  for (auto& delivery : found) {
    auto again = TRY(replay(std::move(delivery)));
    again.next_attempt_at = system_now;
    const auto lane = again.account_id.value_or(AccountId{}).uuid;
    work.transaction.defer(statements::hurry_lane, work.agency(), again.subscription_id, lane, system_now);
    work.transaction.defer(statements::update_delivery, again.id, again.state, again.attempts, again.next_attempt_at,
                           again.ended_at, again.version, from_the_first_try);
    ++answer.replayed;
  }
  if (answer.replayed > 0) attend_to(work, webhooks, command.subscription_id);
  return answer;
}

}  // namespace holdfast::notifications
