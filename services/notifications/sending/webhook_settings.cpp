#include "notifications/sending/webhook_settings.h"

namespace holdfast::notifications {

using namespace std::chrono_literals;

WebhookSection::WebhookSection(const config::Section& section)
    : allow_private_targets(section, "allow_private_targets", false,
                            "Whether webhooks may call this host and private networks, and speak plain http: for "
                            "development."),
      ca_file(section, "ca_file", "", "PEM file of authorities to trust instead of the system's."),
      workers(section, "workers", 32, {2, 256}, "Webhooks under way at the same time."),
      per_target(section, "per_target", 4, {1, 64}, "Webhooks under way to one host at the same time."),
      connect_timeout_ms(section, "connect_timeout_ms", 5s, {100ms, 60s}, "For the connection to a target."),
      total_timeout_ms(section, "total_timeout_ms", 15s, {100ms, 120s}, "For one attempt, all in all.") {}

TargetRules WebhookSection::rules() const { return {.allow_private_targets = *allow_private_targets}; }

Dispatcher::Options WebhookSection::read() const {
  return {.sending = {.rules = rules(),
                      .ca_file = ca_file->string(),
                      .connect_timeout_ms = *connect_timeout_ms,
                      .total_timeout_ms = *total_timeout_ms},
          .workers = *workers,
          .per_target = *per_target};
}

}  // namespace holdfast::notifications
