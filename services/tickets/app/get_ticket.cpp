#include "tickets/app/tickets.h"
#include "tickets/store/tickets.sql.h"

namespace holdfast::tickets {

Result<Ticket> get_ticket(sql::Transaction& transaction, const GetTicket& query) {
  auto ticket = TRY((transaction.maybe<Ticket>(statements::load_ticket, query.id)));
  if (!ticket) return fail(Reason::ticket_not_found, "id", "there is no ticket " + to_string(query.id));
  return *std::move(ticket);
}

}  // namespace holdfast::tickets
