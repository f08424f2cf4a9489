#include "notifications/domain/delivery.h"

namespace holdfast::notifications {
namespace {

Delivery end(Delivery delivery, DeliveryState state, Instant now) {
  delivery.state = state;
  delivery.next_attempt_at.reset();
  delivery.ended_at = now;
  return delivery;
}

// Whether a subscriber answers is a matter of its last attempt alone.
Result<SubscriptionState> after(SubscriptionState subscription, bool answered) {
  const auto to = answered ? SubscriptionState::active : SubscriptionState::failing;
  const bool may = subscription == SubscriptionState::active || subscription == SubscriptionState::failing;
  if (!may || subscription == to) return subscription;
  return change(subscription, to);
}

}  // namespace

Result<Delivery> begin_attempt(Delivery delivery, int tries, Instant now) {
  ++delivery.version;
  if (tries >= max_attempts) {
    const auto state = TRY(change(delivery.state, DeliveryState::dead_lettered));
    return end(std::move(delivery), state, now);
  }
  ++delivery.attempts;
  return delivery;
}

Result<AfterAttempt> end_attempt(Delivery delivery, int tries, SubscriptionState subscription, const Outcome& outcome,
                                 Instant system_now, Instant now, const RandomFraction& random) {
  ++delivery.version;
  const auto verdict = after_attempt(tries, outcome, system_now, random);
  switch (verdict.kind) {
    case Verdict::Kind::delivered: {
      const auto state = TRY(change(delivery.state, DeliveryState::delivered));
      const auto next = TRY(after(subscription, true));
      return AfterAttempt{end(std::move(delivery), state, now), next};
    }
    case Verdict::Kind::dead_letter: {
      const auto state = TRY(change(delivery.state, DeliveryState::dead_lettered));
      const auto next = TRY(after(subscription, false));
      return AfterAttempt{end(std::move(delivery), state, now), next};
    }
    case Verdict::Kind::disable:
    case Verdict::Kind::retry:
      break;
  }
  const bool disable = verdict.kind == Verdict::Kind::disable;
  delivery.state = TRY(change(delivery.state, DeliveryState::retrying));
  // Of a subscription that is gone it waits, as all others do, for a person who brings it back.
  delivery.next_attempt_at = disable ? system_now : verdict.retry_at;
  const bool ends = disable && subscription != SubscriptionState::disabled;
  const auto next = TRY(ends ? change(subscription, SubscriptionState::disabled) : after(subscription, false));
  return AfterAttempt{std::move(delivery), next};
}

Result<Delivery> replay(Delivery delivery) {
  delivery.state = TRY(change(delivery.state, DeliveryState::pending));
  delivery.ended_at.reset();
  ++delivery.version;
  return delivery;
}

}  // namespace holdfast::notifications
