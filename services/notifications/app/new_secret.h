#pragma once

#include <string>

#include "notifications/app/subscriptions.h"

namespace holdfast::notifications {

// A secret that signs webhooks: as its subscriber is shown it, once, and as it is kept.
struct NewSecret {
  std::string text;
  secrets::Sealed sealed;
};

Result<NewSecret> new_secret(const events::UnitOfWork& work, const Webhooks& webhooks, const SubscriptionId& id);

}  // namespace holdfast::notifications
