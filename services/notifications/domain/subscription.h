#pragma once

#include <optional>
#include <string>
#include <vector>

#include "notifications/domain/ids.h"
#include "notifications/domain/message_state.h"
#include "notifications/domain/target_policy.h"
#include "runtime/core/fields.h"

namespace holdfast::notifications {

inline constexpr size_t max_event_names = 100;
inline constexpr size_t max_account_ids = 100;
inline constexpr size_t max_description_bytes = 200;
inline constexpr std::int64_t max_subscriptions = 100;  // of one agency

// Who asked to hear of what: an agency's own system, behind one URL.
struct Subscription {
  SubscriptionId id;
  std::string callback_url;
  std::string description;
  std::vector<std::string> event_names;  // "ticket-opened"; none: every event
  std::vector<AccountId> account_ids;    // none: every account
  SubscriptionState state = SubscriptionState::active;
  Instant created_at;
  std::int64_t version = 1;

  bool operator==(const Subscription&) const = default;
};

struct CreateSubscription {
  std::optional<SubscriptionId> id;
  std::string callback_url;
  std::string description;
  std::vector<std::string> event_names;
  std::vector<AccountId> account_ids;
};

// What is left out stays as it is.
struct ChangeSubscription {
  SubscriptionId id;
  std::optional<std::string> callback_url;
  std::optional<std::string> description;
  std::vector<std::string> event_names;
  std::vector<AccountId> account_ids;
  bool every_event = false;    // instead of names
  bool every_account = false;  // instead of ids
  std::string etag;
};

// How long the secret before the last rotation signs as well, by the system clock.
inline constexpr auto secret_overlap = std::chrono::hours(24);

// A subscription whose URL may be called and whose names are events that there are (`known_names`). Its URL is written
// anew from the parts that were checked.
Result<Subscription> subscribe(const CreateSubscription& command, const TargetRules& rules,
                               const std::vector<std::string>& known_names, Instant now);

// The same subscription with another address or other filters, under the same rules. ETAG_STALE.
Result<Subscription> change(Subscription subscription, const ChangeSubscription& command, const TargetRules& rules,
                            const std::vector<std::string>& known_names);

// The same subscription in another state; ILLEGAL_TRANSITION names those that may follow. Already there is no change.
Result<Subscription> change_state(Subscription subscription, SubscriptionState to);

// Whether events are kept for it now; a paused one gets them when it is resumed, a disabled one never.
inline bool collects(SubscriptionState state) { return state != SubscriptionState::disabled; }
// Whether deliveries are attempted now.
inline bool delivers(SubscriptionState state) {
  return state == SubscriptionState::active || state == SubscriptionState::failing;
}

}  // namespace holdfast::notifications

namespace holdfast {

template <>
struct Fields<notifications::Subscription> {
  using T = notifications::Subscription;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"callback_url", &T::callback_url},
                                         Field{"description", &T::description},
                                         Field{"event_names", &T::event_names},
                                         Field{"account_ids", &T::account_ids},
                                         Field{"state", &T::state},
                                         Field{"created_at", &T::created_at},
                                         Field{"version", &T::version}};
};

template <>
struct Fields<notifications::CreateSubscription> {
  using T = notifications::CreateSubscription;
  static constexpr auto list =
      FieldList{Field{"id", &T::id}, Field{"callback_url", &T::callback_url}, Field{"description", &T::description},
                Field{"event_names", &T::event_names}, Field{"account_ids", &T::account_ids}};
};

template <>
struct Fields<notifications::ChangeSubscription> {
  using T = notifications::ChangeSubscription;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"callback_url", &T::callback_url},
                                         Field{"description", &T::description},
                                         Field{"event_names", &T::event_names},
                                         Field{"account_ids", &T::account_ids},
                                         Field{"every_event", &T::every_event},
                                         Field{"every_account", &T::every_account},
                                         Field{"etag", &T::etag}};
};

}  // namespace holdfast
