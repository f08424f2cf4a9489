#include "runtime/sql/page.h"
#include "tickets/app/tickets.h"
#include "tickets/store/tickets.sql.h"

namespace holdfast::tickets {

struct ChangePlace {
  std::int64_t version = 0;
};

}  // namespace holdfast::tickets

template <>
struct holdfast::Fields<holdfast::tickets::ChangePlace> {
  static constexpr auto list = FieldList{Field{"version", &tickets::ChangePlace::version}};
};

namespace holdfast::tickets {

Result<StatusChangeList> list_status_changes(sql::Transaction& transaction, const ListStatusChanges& query) {
  CHECK_OK(get_ticket(transaction, {query.ticket_id}));
  const auto page = TRY(sql::page_of<ChangePlace>(query));
  StatusChangeList list;
  list.changes = TRY((transaction.many<StatusChange>(statements::list_status_changes, transaction.agency(),
                                                     query.ticket_id, page.after, page.limit())));
  list.next_page_token =
      sql::next_page(page, list.changes, [](const StatusChange& last) { return ChangePlace{last.version}; });
  return list;
}

}  // namespace holdfast::tickets
