#include "notifications/sending/dispatcher.h"

#include <fmt/format.h>

#include <algorithm>

#include "notifications/domain/readable.h"
#include "notifications/domain/webhook_signature.h"
#include "notifications/sending/random.h"
#include "runtime/log/log.h"

namespace holdfast::notifications {
namespace {

using namespace std::chrono_literals;

// How soon a subscription is looked at again that has no attempt under way and whose target has all that it may have.
// One that has an attempt waits for its end.
constexpr auto busy_delay = 1s;

// What the limits count by. A URL that may no longer be called is its own target; the sender refuses it.
std::string target_of(const std::string& url, const TargetRules& rules) {
  const auto target = check_target(url, rules);
  return target ? fmt::format("{}:{}", target->host, target->port) : url;
}

}  // namespace

Dispatcher::Dispatcher(events::Transactor& transactor, const Webhooks& webhooks, timers::Timers& timers,
                       const Options& options)
    : transactor_(transactor),
      webhooks_(webhooks),
      options_(options),
      limits_(options.workers, options.per_target),
      workers_([&timers] { timers.wake(); }) {
  for (int worker = 0; worker < options.workers; ++worker) {
    workers_.add(
        [this, sender = std::make_shared<WebhookSender>(options.sending)](const Job& job) { attempt(*sender, job); });
  }
  timers.on_slice(
      std::string(webhook_timer), [this](std::span<timers::Firing> slice) { return fire(slice); },
      [this] { return workers_.free(); });
  timers.on(std::string(ledger_timer), [](events::UnitOfWork& work, const Uuid& subscription, Instant now) {
    return forget_deliveries(work, SubscriptionId{subscription}, now);
  });
}

Result<> Dispatcher::fire(std::span<timers::Firing> slice) {
  // What this slice claims counts at once; it is real only once it has committed.
  auto limits = this->limits();
  int free = workers_.free();
  for (auto& firing : slice) {
    firing.unit.transaction.set_agencies({firing.unit.agency()});
    CHECK_OK(fire_one(firing, limits, free));
  }
  return {};
}

// Of the limits' workers some may be recording: their target has its turn back, but nobody is free yet.
Result<> Dispatcher::fire_one(timers::Firing& firing, TargetLimits& limits, int& free) {
  const SubscriptionId subscription{firing.subject};
  const auto url = TRY(delivering_to(firing.unit, subscription));
  if (!url) return {};
  const auto now = webhooks_.system_clock.now();
  const auto target = target_of(*url, webhooks_.rules);
  const auto lease_until = now + options_.sending.total_timeout_ms + 2 * record_patience;
  const int most = std::clamp(free, 0, limits.allowed(target));
  auto claims = TRY(claim_deliveries(firing.unit, subscription, *url, most, now, lease_until));
  for (auto& claimed : claims.deliveries) {
    --free;
    limits.begin(target);
    firing.unit.after_commit.push_back([this, job = Job{std::move(claimed), target}] { begin(job); });
  }
  firing.next_due = claims.next_due;
  if (claims.next_due && *claims.next_due <= now) firing.next_due = claims.lease_ends.value_or(now + busy_delay);
  return {};
}

TargetLimits Dispatcher::limits() const {
  const std::lock_guard lock(mutex_);
  return limits_;
}

void Dispatcher::begin(const Job& job) {
  {
    const std::lock_guard lock(mutex_);
    limits_.begin(job.target);
  }
  workers_.give(job);
}

WebhookAttempt Dispatcher::post(WebhookSender& sender, const ClaimedDelivery& claimed) const {
  const auto failed = [](const Error& error) { return WebhookAttempt{.detail = error.message}; };
  const auto& delivery = claimed.delivery;
  std::vector<WebhookSecret> secrets;
  for (const auto& sealed : claimed.secrets) {
    const auto text = webhooks_.keys.open(sealed, {claimed.agency, delivery.subscription_id.uuid, "webhook_secret"});
    if (!text) return failed(text.error());
    auto secret = WebhookSecret::parse(*text);
    if (!secret) return failed(secret.error());
    secrets.push_back(*std::move(secret));
  }
  const auto signature =
      sign_webhook(secrets, to_string(delivery.event_id), webhooks_.system_clock.now(), claimed.body);
  if (!signature) return failed(signature.error());
  return sender.send({.url = claimed.callback_url, .signature = *signature, .body = claimed.body});
}

WebhookAttempt Dispatcher::post_within_limits(WebhookSender& sender, const Job& job) {
  TargetLimits::Turn turn(limits_, mutex_, job.target);
  auto made = post(sender, job.claimed);
  if (made.outcome.status != 0 && made.took_ms < options_.slow_after_ms) turn.was_prompt();
  return made;
}

// On a worker's thread.
void Dispatcher::attempt(WebhookSender& sender, const Job& job) {
  const auto at = webhooks_.system_clock.now();
  const auto made = post_within_limits(sender, job);
  const bool delivered = made.outcome.status >= 200 && made.outcome.status <= 299;
  ++(delivered ? delivered_ : failed_);
  const DeliveryAttempt attempt{.at = at,
                                .status = made.outcome.status,
                                .duration_ms = static_cast<std::int32_t>(made.took_ms.count()),
                                .answer = readable(made.answer, kept_answer_bytes),
                                .detail = readable(made.detail, kept_answer_bytes)};
  const auto call = service_call(job.claimed.agency, "notifications.dispatcher", record_patience);
  const log::Scope scope(call);
  const auto recorded = transactor_.run(call, [&](events::UnitOfWork& work) {
    return record_attempt(work, webhooks_, job.claimed, made.outcome, attempt, random_fraction);
  });
  if (!recorded) {
    log::error("what became of a webhook was not recorded: it will be sent again with the same webhook-id",
               {{"delivery_id", to_string(job.claimed.delivery.id)}, {"error", describe(recorded.error())}});
  }
}

}  // namespace holdfast::notifications
