#include "notifications/app/deliveries.h"
#include "notifications/store/deliveries.sql.h"
#include "notifications/store/mutants.sql.h"
#include "notifications/store/subscriptions.sql.h"
#include "runtime/core/mutant.h"

namespace holdfast::notifications {

struct SealedSecret {
  std::string key_id;
  sql::Bytes bytes;
};

}  // namespace holdfast::notifications

template <>
struct holdfast::Fields<holdfast::notifications::SealedSecret> {
  using T = notifications::SealedSecret;
  static constexpr auto list = FieldList{Field{"key_id", &T::key_id}, Field{"bytes", &T::bytes}};
};

namespace holdfast::notifications {
namespace {

// The lane's turn is over for now: until the lease ends, or, with nothing left in it, until something comes.
void set_lane(events::UnitOfWork& work, const SubscriptionId& subscription, const Uuid& lane,
              std::optional<Instant> next_due, bool claimed) {
  work.transaction.defer(statements::set_lane, subscription, lane, next_due, claimed);
}

// Begins the attempt whose turn it is in a lane; nothing when there is none to make.
Result<std::optional<ClaimedDelivery>> claim_head(events::UnitOfWork& work, const SubscriptionId& subscription,
                                                  const Uuid& lane, Instant system_now, Instant lease_until) {
  const auto& next = mutant("webhooks.retries_overtaken") ? statements::first_due_of_lane : statements::head_of_lane;
  auto head = TRY((work.transaction.maybe<Delivery>(next, subscription, lane)));
  if (!head) {
    set_lane(work, subscription, lane, std::nullopt, false);
    return std::optional<ClaimedDelivery>();
  }
  auto tries = TRY(work.transaction.one<std::int32_t>(statements::load_tries, head->id));
  auto delivery = TRY(begin_attempt(*std::move(head), tries, work.now));
  ++tries;
  work.transaction.defer(statements::update_delivery, delivery.id, delivery.state, delivery.attempts,
                         delivery.next_attempt_at, delivery.ended_at, delivery.version, tries);
  if (delivery.ended_at) {
    work.publish(DeliveryDeadLettered{delivery});
    set_lane(work, subscription, lane, system_now, false);
    return std::optional<ClaimedDelivery>();
  }
  set_lane(work, subscription, lane, lease_until, true);
  auto body = TRY((work.transaction.one<std::string>(statements::load_body, delivery.event_id)));
  return std::optional(
      ClaimedDelivery{.agency = work.agency(), .delivery = delivery, .tries = tries, .body = std::move(body)});
}

}  // namespace

Result<std::optional<std::string>> delivering_to(events::UnitOfWork& work, const SubscriptionId& id) {
  auto subscription = TRY((work.transaction.maybe<Subscription>(statements::load_subscription, id)));
  if (!subscription || !delivers(subscription->state)) return std::optional<std::string>();
  return std::optional(std::move(subscription->callback_url));
}

Result<Claims> claim_deliveries(events::UnitOfWork& work, const SubscriptionId& subscription,
                                const std::string& callback_url, std::int64_t most, Instant system_now,
                                Instant lease_until) {
  Claims claims;
  const auto lanes = TRY((work.transaction.many<Uuid>(statements::due_lanes, subscription, system_now, most)));
  for (const auto& lane : lanes) {
    auto claimed = TRY(claim_head(work, subscription, lane, system_now, lease_until));
    if (claimed) claims.deliveries.push_back(*std::move(claimed));
  }
  if (!claims.deliveries.empty()) {
    const auto secrets = TRY((work.transaction.many<SealedSecret>(statements::load_secrets, subscription, system_now)));
    for (auto& claimed : claims.deliveries) {
      claimed.callback_url = callback_url;
      for (const auto& secret : secrets) claimed.secrets.push_back({secret.key_id, secret.bytes.data});
    }
  }
  claims.next_due = TRY((work.transaction.one<std::optional<Instant>>(statements::next_lane, subscription)));
  if (claims.next_due && *claims.next_due <= system_now) {
    claims.lease_ends =
        TRY((work.transaction.one<std::optional<Instant>>(statements::next_lease, subscription, system_now)));
  }
  return claims;
}

}  // namespace holdfast::notifications
