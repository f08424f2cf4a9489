#pragma once

#include "runtime/core/enum_names.h"
#include "runtime/core/result.h"

namespace holdfast::notifications {

// A message's life, as TMF681 names it. Completed, cancelled and failed are final.
enum class MessageState { initial, in_progress, completed, cancelled, failed };

// What kind of message it is: decides which parts of the contact policy hold (R70).
enum class MessageClass { transactional, relationship, marketing };

// Why a message was suppressed: it is then cancelled, and this says by which rule. Overtaken: it waited for the
// morning, and what it says is true no longer.
enum class Suppression { cadence_cap, quiet_hours, opt_out, no_consent, overtaken };

enum class SubscriptionState { active, paused, failing, disabled };

enum class DeliveryState { pending, delivered, retrying, dead_lettered };

// The state after the change, or illegal_transition with the states that may follow.
//   initial -> in_progress | cancelled | failed       (failed: it could not be rendered)
//   in_progress -> initial | completed | failed | cancelled  (initial: to be tried again later)
Result<MessageState> change(MessageState from, MessageState to);

//   active <-> paused, active <-> failing, failing -> paused, any -> disabled, disabled -> active (a person, after 410)
Result<SubscriptionState> change(SubscriptionState from, SubscriptionState to);

//   pending -> delivered | retrying | dead_lettered, retrying -> delivered | retrying | dead_lettered,
//   dead_lettered -> pending (a redelivery that a person asked for), delivered -> pending (a replay)
Result<DeliveryState> change(DeliveryState from, DeliveryState to);

}  // namespace holdfast::notifications

namespace holdfast {

template <>
inline constexpr auto enum_names<notifications::MessageState> =
    std::to_array<std::string_view>({"initial", "inProgress", "completed", "cancelled", "failed"});

template <>
inline constexpr auto enum_names<notifications::Suppression> =
    std::to_array<std::string_view>({"cadenceCap", "quietHours", "optOut", "noConsent", "overtaken"});

template <>
inline constexpr auto enum_names<notifications::SubscriptionState> =
    std::to_array<std::string_view>({"active", "paused", "failing", "disabled"});

template <>
inline constexpr auto enum_names<notifications::DeliveryState> =
    std::to_array<std::string_view>({"pending", "delivered", "retrying", "deadLettered"});

}  // namespace holdfast
