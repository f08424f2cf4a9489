#include <fmt/format.h>
#include <openssl/rand.h>

#include "notifications/app/subscriptions.h"
#include "notifications/domain/webhook_signature.h"
#include "notifications/store/subscriptions.sql.h"
#include "runtime/events/cloud_event.h"
#include "runtime/timers/timers.h"

namespace holdfast::notifications {
namespace {

constexpr size_t new_secret_bytes = 32;
constexpr std::chrono::hours first_look{1};  // at how old its ledger is

Result<WebhookSecret> new_secret() {
  std::array<unsigned char, new_secret_bytes> bytes{};
  if (RAND_bytes(bytes.data(), bytes.size()) != 1) return fail(Reason::internal, "no random numbers");
  return WebhookSecret::from_bytes(bytes);
}

}  // namespace

Result<CreatedSubscription> create_subscription(events::UnitOfWork& work, const Webhooks& webhooks,
                                                const CreateSubscription& command) {
  const auto subscription = TRY(subscribe(command, webhooks.rules, events::all_event_names(), work.now));
  const auto there = TRY(work.transaction.one<std::int64_t>(statements::count_subscriptions));
  if (there >= max_subscriptions) {
    return fail(Reason::limit_reached, fmt::format("an agency has at most {} subscriptions", max_subscriptions));
  }
  const auto secret = TRY(new_secret()).text();
  const auto sealed = webhooks.keys.seal(secret, {work.agency(), subscription.id.uuid, "webhook_secret"});
  TRY(work.transaction.exec(statements::insert_subscription, work.agency(), subscription, sealed.key_id,
                            sql::Bytes{sealed.bytes}));
  timers::Timers::set(work, ledger_timer, subscription.id.uuid, webhooks.system_clock.now() + first_look);
  return CreatedSubscription{subscription, secret};
}

}  // namespace holdfast::notifications
