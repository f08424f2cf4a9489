#include "notifications/app/ledger_place.h"
#include "notifications/app/messages.h"
#include "notifications/store/messages.sql.h"

namespace holdfast::notifications {
namespace {

Result<std::vector<Message>> rows_of(sql::Transaction& transaction, const ListMessages& query,
                                     const sql::Page<LedgerPlace>& page) {
  const auto read = [&](const sql::Statement& statement, const auto&... filters) {
    return transaction.many<Message>(statement, transaction.agency(), page.after, page.limit(), filters...);
  };
  if (query.account_id) return read(statements::list_messages_of_account, *query.account_id, query.state);
  if (query.state) return read(statements::list_messages_in_state, *query.state);
  return read(statements::list_messages);
}

}  // namespace

Result<MessageList> list_messages(sql::Transaction& transaction, const ListMessages& query) {
  const auto page = TRY(sql::page_of<LedgerPlace>(query, newest()));
  MessageList list;
  list.messages = TRY(rows_of(transaction, query, page));
  list.next_page_token =
      sql::next_page(page, list.messages, [](const Message& last) { return LedgerPlace{last.id.uuid}; });
  return list;
}

}  // namespace holdfast::notifications
