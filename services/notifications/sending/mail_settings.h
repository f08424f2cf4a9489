#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "notifications/sending/mailer.h"
#include "runtime/config/settings.h"

namespace holdfast::notifications {

// notifications.mail.*
struct MailSection {
  explicit MailSection(const config::Section& section);

  // What the settings say; nothing when there is no mail server. SETTING_INVALID names the one at fault.
  Result<std::optional<Mailer::Options>> read() const;

  config::Setting<std::string> smtp_url;
  config::Setting<std::string> tls;
  config::Setting<std::string> from;
  config::Setting<std::string> user;
  config::Setting<config::Secret> password;
  config::Setting<std::filesystem::path> ca_file;
  config::Setting<int> workers;
  config::Setting<std::chrono::milliseconds> connect_timeout_ms;
  config::Setting<std::chrono::milliseconds> total_timeout_ms;
};

}  // namespace holdfast::notifications
