#pragma once

#include "runtime/command/commands.h"

namespace holdfast::notifications {

// holdfast.notifications.v1.MessageService, one line an RPC.
void serve_messages(command::Commands& rpc);

}  // namespace holdfast::notifications
