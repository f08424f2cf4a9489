#include "notifications/service.h"

#include "notifications/events/reactions.h"
#include "notifications/migrations.h"
#include "notifications/rpc/messages.h"
#include "runtime/log/log.h"

namespace holdfast::notifications {

Notifications::Notifications(app::Process& process)
    : Service(process, {.name = "notifications",
                        .migrations = migrations,
                        .constraints = {},
                        .consumes = {"holdfast.accounts", "holdfast.tickets"}}),
      console_url_(process.settings().section("notifications"), "console_url", "http://127.0.0.1:7400",
                   "Where the console is found: what the links in mail begin with, without a slash at the end."),
      mail_(process.settings().section("notifications.mail")) {
  process.declare_peer("accounts");
}

Result<> Notifications::add() {
  desk_.emplace(Desk{process().system_clock(), *console_url_});
  accounts_.emplace(TRY(process().connect("accounts", name())), transactor());
  serve_messages(serve("holdfast.notifications.v1.MessageService"));
  follow_book(consumer());
  on_ticket_opened(consumer(), *desk_,
                   [this](const Call& call, const AccountId& account) { return accounts_->learn(call, account); });
  if (const auto options = TRY(mail_.read())) {
    mailer_ = TRY(Mailer::start(transactor(), process().system_clock(), system_timers(), *options));
    measure();
  } else {
    log::warn("there is no mail server: messages wait", {{"setting", mail_.smtp_url.name()}});
  }
  return {};
}

void Notifications::remove() {
  registrations_.clear();
  mailer_.reset();
}

void Notifications::measure() {
  const auto registry = process().registry().labelled("service", name());
  registrations_.push_back(registry.gauge_from("holdfast_mail_sent", "Mails that this process has handed over.", {},
                                               [this] { return static_cast<double>(mailer_->sent()); }));
  registrations_.push_back(registry.gauge_from("holdfast_mail_attempts_failed",
                                               "Attempts at a mail by this process that did not succeed.", {},
                                               [this] { return static_cast<double>(mailer_->failed()); }));
}

}  // namespace holdfast::notifications
