#include "notifications/rpc/subscriptions.h"

#include "notifications/app/deliveries.h"

namespace holdfast::notifications {

using events::UnitOfWork;

void serve_subscriptions(command::Commands& rpc, const Webhooks& webhooks) {
  rpc.command("CreateSubscription", [&webhooks](UnitOfWork& work, const CreateSubscription& command) {
    return create_subscription(work, webhooks, command);
  });
  rpc.query("GetSubscription", get_subscription);
  rpc.query("ListSubscriptions", list_subscriptions);
  rpc.command("ChangeSubscription", [&webhooks](UnitOfWork& work, const ChangeSubscription& command) {
    return change_subscription(work, webhooks, command);
  });
  rpc.command("RotateSecret", [&webhooks](UnitOfWork& work, const RotateSecret& command) {
    return rotate_secret(work, webhooks, command);
  });
  rpc.command("PauseSubscription", pause_subscription);
  rpc.command("ResumeSubscription", [&webhooks](UnitOfWork& work, const ResumeSubscription& command) {
    return resume_subscription(work, webhooks, command);
  });
  rpc.command("DeleteSubscription", [&webhooks](UnitOfWork& work, const DeleteSubscription& command) {
    return delete_subscription(work, webhooks, command);
  });
}

void serve_deliveries(command::Commands& rpc, const Webhooks& webhooks) {
  rpc.query("GetDelivery", get_delivery);
  rpc.query("ListDeliveries", list_deliveries);
  rpc.command("ReplayDeliveries", [&webhooks](UnitOfWork& work, const ReplayDeliveries& command) {
    return replay_deliveries(work, webhooks, command);
  });
}

}  // namespace holdfast::notifications
