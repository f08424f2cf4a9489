#pragma once

#include <functional>
#include <string>

#include "notifications/domain/subscription.h"
#include "runtime/events/unit_of_work.h"
#include "runtime/secrets/key_ring.h"

// Subscriptions: who hears of what by webhook.
namespace holdfast::notifications {

// The timer of a subscription: when any of its lanes has something to do, by the system clock. Only its own firing
// moves it on; everybody else sets it to now, so that nothing that was added meanwhile is slept through.
inline constexpr std::string_view webhook_timer = "notifications.webhook";

// The timer by which a subscription's ledger is forgotten, by the system clock.
inline constexpr std::string_view ledger_timer = "notifications.ledger";

// With what webhooks are kept and sent.
struct Webhooks {
  const Clock& system_clock;
  const secrets::KeyRing& keys;
  TargetRules rules;
  std::function<void()> wake;  // after a commit that set the timer
};

// A subscription whose secret is new: it stands in this answer only.
struct CreatedSubscription {
  Subscription subscription;
  std::string secret;
};
struct GetSubscription {
  SubscriptionId id;
};
struct ListSubscriptions {
  std::int32_t page_size = 0;
  std::string page_token;
};
struct SubscriptionList {
  std::vector<Subscription> subscriptions;
  std::string next_page_token;
};
struct RotateSecret {
  SubscriptionId id;
};
struct PauseSubscription {
  SubscriptionId id;
};
struct ResumeSubscription {
  SubscriptionId id;
};
struct DeleteSubscription {
  SubscriptionId id;
};

// The secret is made here, kept encrypted, and stands in this answer only.
Result<CreatedSubscription> create_subscription(events::UnitOfWork& work, const Webhooks& webhooks,
                                                const CreateSubscription& command);
Result<Subscription> get_subscription(sql::Transaction& transaction, const GetSubscription& query);
Result<SubscriptionList> list_subscriptions(sql::Transaction& transaction, const ListSubscriptions& query);
Result<Subscription> change_subscription(events::UnitOfWork& work, const Webhooks& webhooks,
                                         const ChangeSubscription& command);
// The secret that there was signs beside the new one for a while.
Result<CreatedSubscription> rotate_secret(events::UnitOfWork& work, const Webhooks& webhooks,
                                          const RotateSecret& command);
Result<Subscription> pause_subscription(events::UnitOfWork& work, const PauseSubscription& command);
Result<Subscription> resume_subscription(events::UnitOfWork& work, const Webhooks& webhooks,
                                         const ResumeSubscription& command);
// Nothing is sent any more, and its ledger is forgotten.
Result<Unit> delete_subscription(events::UnitOfWork& work, const Webhooks& webhooks, const DeleteSubscription& command);

// The timer fires now, in this process as soon as this has committed.
void attend_to(events::UnitOfWork& work, const Webhooks& webhooks, const SubscriptionId& subscription);

}  // namespace holdfast::notifications

namespace holdfast {

template <>
struct Fields<notifications::CreatedSubscription> {
  using T = notifications::CreatedSubscription;
  static constexpr auto list = FieldList{Field{"subscription", &T::subscription}, Field{"secret", &T::secret}};
};

template <>
struct Fields<notifications::GetSubscription> {
  static constexpr auto list = FieldList{Field{"id", &notifications::GetSubscription::id}};
};
template <>
struct Fields<notifications::ListSubscriptions> {
  using T = notifications::ListSubscriptions;
  static constexpr auto list = FieldList{Field{"page_size", &T::page_size}, Field{"page_token", &T::page_token}};
};
template <>
struct Fields<notifications::SubscriptionList> {
  using T = notifications::SubscriptionList;
  static constexpr auto list =
      FieldList{Field{"subscriptions", &T::subscriptions}, Field{"next_page_token", &T::next_page_token}};
};
template <>
struct Fields<notifications::RotateSecret> {
  static constexpr auto list = FieldList{Field{"id", &notifications::RotateSecret::id}};
};
template <>
struct Fields<notifications::PauseSubscription> {
  static constexpr auto list = FieldList{Field{"id", &notifications::PauseSubscription::id}};
};
template <>
struct Fields<notifications::ResumeSubscription> {
  static constexpr auto list = FieldList{Field{"id", &notifications::ResumeSubscription::id}};
};
template <>
struct Fields<notifications::DeleteSubscription> {
  static constexpr auto list = FieldList{Field{"id", &notifications::DeleteSubscription::id}};
};

}  // namespace holdfast
