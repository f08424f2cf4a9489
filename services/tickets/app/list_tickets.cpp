#include "runtime/sql/page.h"
#include "tickets/app/tickets.h"
#include "tickets/store/tickets.sql.h"

namespace holdfast::tickets {

struct TicketPlace {
  Instant opened_at;
  TicketId id;
};

}  // namespace holdfast::tickets

template <>
struct holdfast::Fields<holdfast::tickets::TicketPlace> {
  using T = tickets::TicketPlace;
  static constexpr auto list = FieldList{Field{"opened_at", &T::opened_at}, Field{"id", &T::id}};
};

namespace holdfast::tickets {
namespace {

// The list goes backwards: it begins behind everything.
constexpr TicketPlace end_of_time{std::chrono::sys_days{std::chrono::year{9999} / 12 / 31}, {}};

}  // namespace

Result<TicketList> list_tickets(sql::Transaction& transaction, const ListTickets& query) {
  const auto page = TRY(sql::page_of(query, end_of_time));
  const auto& statement = query.account_id ? statements::list_of_account : statements::list_all;
  TicketList list;
  list.tickets =
      TRY((transaction.many<Ticket>(statement, transaction.agency(), page.after, page.limit(), query.account_id,
                                    query.location_id, query.status, query.owner_id, query.open, query.overdue)));
  list.next_page_token = sql::next_page(page, list.tickets, [](const Ticket& last) {
    return TicketPlace{last.opened_at, last.id};
  });
  return list;
}

}  // namespace holdfast::tickets
