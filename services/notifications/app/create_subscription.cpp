#include <fmt/format.h>

#include "notifications/app/new_secret.h"
#include "notifications/app/subscriptions.h"
#include "notifications/store/subscriptions.sql.h"
#include "runtime/events/cloud_event.h"
#include "runtime/timers/timers.h"

namespace holdfast::notifications {
namespace {

constexpr std::chrono::hours first_look{1};  // at how old its ledger is

}  // namespace

Result<CreatedSubscription> create_subscription(events::UnitOfWork& work, const Webhooks& webhooks,
                                                const CreateSubscription& command) {
  auto subscription = TRY(subscribe(command, webhooks.rules, events::all_event_names(), work.now));
  TRY(work.transaction.exec(statements::take_turns_subscribing, work.agency()));
  const auto there = TRY(work.transaction.one<std::int64_t>(statements::count_subscriptions));
  if (there >= max_subscriptions) {
    return fail(Reason::limit_reached, fmt::format("an agency has at most {} subscriptions", max_subscriptions));
  }
  auto made = TRY(new_secret(work, webhooks, subscription.id));
  TRY(work.transaction.exec(statements::insert_subscription, work.agency(), subscription, made.sealed.key_id,
                            sql::Bytes{made.sealed.bytes}));
  timers::Timers::set(work, ledger_timer, subscription.id.uuid, webhooks.system_clock.now() + first_look);
  return CreatedSubscription{std::move(subscription), std::move(made.text)};
}

}  // namespace holdfast::notifications
