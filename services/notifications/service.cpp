#include "notifications/service.h"

#include "notifications/events/reactions.h"
#include "notifications/migrations.h"
#include "notifications/rpc/messages.h"
#include "notifications/rpc/subscriptions.h"
#include "notifications/store/constraints.h"
#include "notifications/store/invariants.sql.h"
#include "runtime/log/log.h"

namespace holdfast::notifications {

Notifications::Notifications(app::Process& process)
    : Service(process, {.name = "notifications",
                        .migrations = migrations,
                        .constraints = constraints,
                        .consumes = {"holdfast.accounts", "holdfast.contracts", "holdfast.renewals", "holdfast.tickets",
                                     "holdfast.notifications"},
                        .invariants = statements::all_of_invariants}),
      console_url_(process.settings().section("notifications"), "console_url", "http://127.0.0.1:7400",
                   "Where the console is found: what the links in mail begin with, without a slash at the end."),
      mail_section_(process.settings().section("notifications.mail")),
      webhook_section_(process.settings().section("notifications.webhooks")) {
  process.declare_peer("accounts");
}

Result<> Notifications::add() {
  CHECK_OK(add_mail());
  return add_webhooks();
}

Result<> Notifications::add_mail() {
  auto& timers = system_timers();
  desk_.emplace(Desk{process().system_clock(), *console_url_, [&timers] { timers.wake(); }});
  auto accounts = TRY(process().connect("accounts", name()));
  accounts_.emplace(accounts_owner(std::move(accounts), background_transactor()));
  auto staff = TRY(process().connect("accounts", name()));
  staff_.emplace(staff_owner(std::move(staff), background_transactor()));
  serve_messages(serve("holdfast.notifications.v1.MessageService"));
  follow_book(consumer());
  keep_waiting_mails(consumer());
  send_mails(consumer(), *desk_,
             {.account = [this](const Call& call, const AccountId& id) { return accounts_->learn(call, id); },
              .staff = [this](const Call& call, const StaffId& id) { return staff_->learn(call, id); }});
  business_timers().on(std::string(quiet_timer), [this](events::UnitOfWork& work, Uuid message, Instant) {
    return end_quiet_hours(work, *desk_, MessageId{message});
  });
  timers.on(std::string(bodies_timer),
            [](events::UnitOfWork& work, Uuid, Instant now) { return forget_bodies(work, now); });
  const auto options = TRY(mail_section_.read());
  if (!options) {
    log::warn("there is no mail server: messages wait", {{"setting", mail_section_.smtp_url.name()}});
    return {};
  }
  mailer_ = TRY(Mailer::start(background_transactor(), process().system_clock(), timers, *options));
  measure("holdfast_mail_sent", "Mails that this process has handed over.", [this] { return mailer_->sent(); });
  measure("holdfast_mail_attempts_failed", "Attempts at a mail by this process that did not succeed.",
          [this] { return mailer_->failed(); });
  return {};
}

Result<> Notifications::add_webhooks() {
  auto& timers = system_timers();
  keys_.emplace(TRY(process().key_ring()));
  webhooks_.emplace(Webhooks{process().system_clock(), *keys_, webhook_section_.rules(), [&timers] { timers.wake(); }});
  serve_subscriptions(serve("holdfast.notifications.v1.SubscriptionService"), *webhooks_);
  serve_deliveries(serve("holdfast.notifications.v1.DeliveryService"), *webhooks_);
  on_any_event(consumer(), *webhooks_);
  dispatcher_ = std::make_unique<Dispatcher>(background_transactor(), *webhooks_, timers, webhook_section_.read());
  measure("holdfast_webhooks_delivered", "Webhooks that this process has delivered.",
          [this] { return dispatcher_->delivered(); });
  measure("holdfast_webhook_attempts_failed", "Attempts at a webhook by this process that did not succeed.",
          [this] { return dispatcher_->failed(); });
  return {};
}

void Notifications::remove() {
  registrations_.clear();
  mailer_.reset();
  dispatcher_.reset();
}

void Notifications::measure(const char* metric, const char* help, std::function<std::int64_t()> value) {
  registrations_.push_back(process().registry().labelled("service", name()).gauge_from(metric, help, {}, [value] {
    return static_cast<double>(value());
  }));
}

}  // namespace holdfast::notifications
