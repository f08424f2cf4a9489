#pragma once

#include <memory>
#include <optional>

#include "notifications/app/messages.h"
#include "notifications/rpc/accounts_owner.h"
#include "notifications/sending/dispatcher.h"
#include "notifications/sending/mail_settings.h"
#include "notifications/sending/mailer.h"
#include "notifications/sending/webhook_settings.h"
#include "runtime/app/service.h"

namespace holdfast::notifications {

class Notifications : public app::Service {
 public:
  explicit Notifications(app::Process& process);
  ~Notifications() override { stop(); }

 private:
  Result<> add() override;
  void remove() override;
  Result<> add_mail();
  Result<> add_webhooks();
  void measure(const char* metric, const char* help, std::function<std::int64_t()> value);

  config::Setting<std::string> console_url_;
  MailSection mail_section_;
  WebhookSection webhook_section_;
  std::optional<Desk> desk_;
  std::optional<secrets::KeyRing> keys_;
  std::optional<Webhooks> webhooks_;
  std::optional<AccountsOwner> accounts_;
  std::optional<StaffOwner> staff_;
  std::unique_ptr<Mailer> mailer_;
  std::unique_ptr<Dispatcher> dispatcher_;
  std::vector<metrics::Registration> registrations_;
};

}  // namespace holdfast::notifications
