#include "notifications/app/new_secret.h"
#include "notifications/app/subscriptions.h"
#include "notifications/store/deliveries.sql.h"
#include "notifications/store/subscriptions.sql.h"
#include "runtime/events/cloud_event.h"
#include "runtime/timers/timers.h"

namespace holdfast::notifications {
namespace {

Error not_found(const SubscriptionId& id) {
  return fail(Reason::subscription_not_found, "id", "there is no subscription " + to_string(id));
}

Result<Subscription> lock(events::UnitOfWork& work, const SubscriptionId& id) {
  auto subscription = TRY((work.transaction.maybe<Subscription>(statements::lock_subscription, id)));
  if (!subscription) return not_found(id);
  return *std::move(subscription);
}

Result<Subscription> change_to(events::UnitOfWork& work, const SubscriptionId& id, SubscriptionState to) {
  auto before = TRY(lock(work, id));
  auto after = TRY(change_state(std::move(before), to));
  work.transaction.defer(statements::update_subscription, after.id, after.state, after.version);
  return after;
}

}  // namespace

Result<Subscription> get_subscription(sql::Transaction& transaction, const GetSubscription& query) {
  auto subscription = TRY((transaction.maybe<Subscription>(statements::load_subscription, query.id)));
  if (!subscription) return not_found(query.id);
  return *std::move(subscription);
}

Result<Subscription> change_subscription(events::UnitOfWork& work, const Webhooks& webhooks,
                                         const ChangeSubscription& command) {
  auto before = TRY(lock(work, command.id));
  auto after = TRY(change(std::move(before), command, webhooks.rules, events::all_event_names()));
  work.transaction.defer(statements::change_subscription, after.id, after.callback_url, after.description,
                         after.event_names, after.account_ids, after.version);
  return after;
}

Result<CreatedSubscription> rotate_secret(events::UnitOfWork& work, const Webhooks& webhooks,
                                          const RotateSecret& command) {
  auto subscription = TRY(lock(work, command.id));
  ++subscription.version;
  auto made = TRY(new_secret(work, webhooks, subscription.id));
  work.transaction.defer(statements::rotate_secret, subscription.id, made.sealed.key_id, sql::Bytes{made.sealed.bytes},
                         webhooks.system_clock.now() + secret_overlap, subscription.version);
  return CreatedSubscription{std::move(subscription), std::move(made.text)};
}

Result<Subscription> pause_subscription(events::UnitOfWork& work, const PauseSubscription& command) {
  return change_to(work, command.id, SubscriptionState::paused);
}

Result<Subscription> resume_subscription(events::UnitOfWork& work, const Webhooks& webhooks,
                                         const ResumeSubscription& command) {
  auto resumed = TRY(change_to(work, command.id, SubscriptionState::active));
  TRY(work.transaction.exec(statements::hurry_lanes, command.id, webhooks.system_clock.now()));
  attend_to(work, webhooks, command.id);
  return resumed;
}

Result<Unit> delete_subscription(events::UnitOfWork& work, const Webhooks& webhooks,
                                 const DeleteSubscription& command) {
  const auto deleted = TRY(work.transaction.exec(statements::delete_subscription, command.id, work.now));
  if (deleted == 0) return not_found(command.id);
  timers::Timers::set(work, ledger_timer, command.id.uuid, webhooks.system_clock.now());
  return Unit{};
}

void attend_to(events::UnitOfWork& work, const Webhooks& webhooks, const SubscriptionId& subscription) {
  timers::Timers::set(work, webhook_timer, subscription.uuid, webhooks.system_clock.now());
  work.hints.push_back(webhooks.wake);
}

}  // namespace holdfast::notifications
