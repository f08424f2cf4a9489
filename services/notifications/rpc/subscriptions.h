#pragma once

#include "notifications/app/subscriptions.h"
#include "runtime/command/commands.h"

namespace holdfast::notifications {

// holdfast.notifications.v1.SubscriptionService and DeliveryService, one line an RPC.
void serve_subscriptions(command::Commands& rpc, const Webhooks& webhooks);
void serve_deliveries(command::Commands& rpc, const Webhooks& webhooks);

}  // namespace holdfast::notifications
