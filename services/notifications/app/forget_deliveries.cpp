#include "notifications/app/deliveries.h"
#include "notifications/app/forgetting.h"
#include "notifications/store/deliveries.sql.h"
#include "notifications/store/subscriptions.sql.h"

namespace holdfast::notifications {
namespace {

using namespace std::chrono_literals;

constexpr auto look_every = 1h;

// What waits, waits for an attempt and not for a person.
bool is_tried(const Subscription& subscription) {
  return subscription.state == SubscriptionState::active || subscription.state == SubscriptionState::failing;
}

}  // namespace

// Ages are counted by the business clock, which dated them: a trial that begins in another year forgets nothing.
Result<std::optional<Instant>> forget_deliveries(events::UnitOfWork& work, const SubscriptionId& id,
                                                 Instant system_now) {
  const auto subscription = TRY((work.transaction.maybe<Subscription>(statements::load_subscription, id)));
  const auto before = subscription ? work.now - ledger_kept : work.now + ledger_kept;
  const bool waiting_too = !subscription || !is_tried(*subscription);
  const auto forgotten =
      TRY(work.transaction.exec(statements::forget_deliveries, id, before, forgotten_at_once, waiting_too));
  const auto bodies = TRY(work.transaction.exec(statements::forget_bodies, before, forgotten_at_once));
  if (forgotten == forgotten_at_once || bodies == forgotten_at_once)
    return std::optional<Instant>(system_now + forgetting_pause);
  if (subscription) return std::optional<Instant>(system_now + look_every);
  work.transaction.defer(statements::forget_lanes, id);
  work.transaction.defer(statements::forget_subscription, id);
  return std::optional<Instant>();
}

}  // namespace holdfast::notifications
