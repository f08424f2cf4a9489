#include "notifications/app/messages.h"
#include "notifications/store/messages.sql.h"

namespace holdfast::notifications {

Result<Message> get_message(sql::Transaction& transaction, const GetMessage& query) {
  auto message = TRY((transaction.maybe<Message>(statements::load_message, query.id)));
  if (!message) return fail(Reason::message_not_found, "id", "there is no message " + to_string(query.id));
  return *std::move(message);
}

}  // namespace holdfast::notifications
