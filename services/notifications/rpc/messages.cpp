#include "notifications/rpc/messages.h"

#include "notifications/app/messages.h"

namespace holdfast::notifications {

void serve_messages(command::Commands& rpc) {
  rpc.query("GetMessage", get_message);
  rpc.query("ListMessages", list_messages);
}

}  // namespace holdfast::notifications
