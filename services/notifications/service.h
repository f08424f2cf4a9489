#pragma once

#include <memory>
#include <optional>

#include "notifications/app/messages.h"
#include "notifications/rpc/accounts_owner.h"
#include "notifications/sending/mail_settings.h"
#include "notifications/sending/mailer.h"
#include "runtime/app/service.h"

namespace holdfast::notifications {

class Notifications : public app::Service {
 public:
  explicit Notifications(app::Process& process);
  ~Notifications() override { stop(); }

 private:
  Result<> add() override;
  void remove() override;
  void measure();

  config::Setting<std::string> console_url_;
  MailSection mail_;
  std::optional<Desk> desk_;
  std::optional<AccountsOwner> accounts_;
  std::unique_ptr<Mailer> mailer_;
  std::vector<metrics::Registration> registrations_;
};

}  // namespace holdfast::notifications
