#include "tickets/app/tickets.h"
#include "tickets/store/promises.sql.h"

namespace holdfast::tickets {

Result<PromiseList> list_promises(sql::Transaction& transaction, const ListPromises& query, Instant now) {
  CHECK_OK(get_ticket(transaction, {query.ticket_id}));
  Promises promises;
  promises.clocks = TRY((transaction.many<Promise>(statements::load_clocks, query.ticket_id)));
  promises.pauses = TRY((transaction.many<Pause>(statements::load_pauses, query.ticket_id)));
  PromiseList list;
  list.promises = TRY(standings(promises, now));
  return list;
}

}  // namespace holdfast::tickets
