#pragma once

#include <optional>
#include <string>

#include "notifications/domain/ids.h"
#include "notifications/domain/message_state.h"
#include "notifications/domain/retry_schedule.h"
#include "runtime/core/fields.h"

namespace holdfast::notifications {

// One event on its way to one subscription.
struct Delivery {
  DeliveryId id;
  SubscriptionId subscription_id;
  Uuid event_id;  // also the webhook-id
  std::string event_name;
  std::optional<AccountId> account_id;
  DeliveryState state = DeliveryState::pending;
  std::int32_t attempts = 0;  // that were begun, in all its life
  std::optional<Instant> next_attempt_at;
  Instant created_at;
  std::optional<Instant> ended_at;  // delivered, or a dead letter
  std::int64_t version = 1;

  bool operator==(const Delivery&) const = default;
};

// What one attempt came to, as the ledger has it.
struct DeliveryAttempt {
  std::int32_t number = 0;
  Instant at;
  std::int32_t status = 0;  // of HTTP; 0 when no answer came
  std::int32_t duration_ms = 0;
  std::string answer;  // its first 1 KiB
  std::string detail;  // why no answer came

  bool operator==(const DeliveryAttempt&) const = default;
};

struct DeliveryDeadLettered {
  Delivery delivery;
};

// What follows from an attempt: the delivery as it is now, and whether its subscription goes on.
struct AfterAttempt {
  Delivery delivery;
  SubscriptionState subscription;
};

// An attempt is counted before it is made: whoever dies in between has used one. Makes a dead letter of a delivery
// whose last attempt was lost in that way. `tries` as below, without this one.
Result<Delivery> begin_attempt(Delivery delivery, int tries, Instant now);

// `tries` is how many attempts were begun since the delivery was made or replayed: its place in the schedule (R74).
// `system_now` counts the schedule, `now` dates the end.
Result<AfterAttempt> end_attempt(Delivery delivery, int tries, SubscriptionState subscription, const Outcome& outcome,
                                 Instant system_now, Instant now, const RandomFraction& random);

// A delivery that is through begins again: a person asked for it.
Result<Delivery> replay(Delivery delivery);

}  // namespace holdfast::notifications

namespace holdfast {

template <>
struct Fields<notifications::Delivery> {
  using T = notifications::Delivery;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"subscription_id", &T::subscription_id},
                                         Field{"event_id", &T::event_id},
                                         Field{"event_name", &T::event_name},
                                         Field{"account_id", &T::account_id},
                                         Field{"state", &T::state},
                                         Field{"attempts", &T::attempts},
                                         Field{"next_attempt_at", &T::next_attempt_at},
                                         Field{"created_at", &T::created_at},
                                         Field{"ended_at", &T::ended_at},
                                         Field{"version", &T::version}};
};

template <>
struct Fields<notifications::DeliveryAttempt> {
  using T = notifications::DeliveryAttempt;
  static constexpr auto list =
      FieldList{Field{"number", &T::number},           Field{"at", &T::at},         Field{"status", &T::status},
                Field{"duration_ms", &T::duration_ms}, Field{"answer", &T::answer}, Field{"detail", &T::detail}};
};

template <>
struct Fields<notifications::DeliveryDeadLettered> {
  static constexpr std::string_view message = "holdfast.notifications.v1.DeliveryDeadLettered";
  static constexpr auto list = FieldList{Field{"delivery", &notifications::DeliveryDeadLettered::delivery}};
};

}  // namespace holdfast
