#pragma once

#include <chrono>
#include <filesystem>

#include "notifications/sending/dispatcher.h"
#include "runtime/config/settings.h"

namespace holdfast::notifications {

// notifications.webhooks.*
struct WebhookSection {
  explicit WebhookSection(const config::Section& section);

  TargetRules rules() const;
  Dispatcher::Options read() const;

  config::Setting<bool> allow_private_targets;
  config::Setting<std::filesystem::path> ca_file;
  config::Setting<int> workers;
  config::Setting<int> per_target;
  config::Setting<std::chrono::milliseconds> connect_timeout_ms;
  config::Setting<std::chrono::milliseconds> total_timeout_ms;
};

}  // namespace holdfast::notifications
