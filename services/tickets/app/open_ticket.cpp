#include "tickets/app/change_ticket.h"
#include "tickets/app/promises.h"
#include "tickets/app/tickets.h"
#include "tickets/store/tickets.sql.h"

namespace holdfast::tickets {

Result<Ticket> open_ticket(events::UnitOfWork& work, const OpenTicket& command) {
  const auto entitlement = TRY((work.transaction.maybe<Entitlement>(statements::load_entitlement, command.account_id,
                                                                    command.location_id, command.contact_id)));
  if (!entitlement) {
    return fail(Reason::account_not_found, "account_id", "there is no account " + to_string(command.account_id));
  }
  const auto opened = TRY(open(command, *entitlement, work.now));
  TRY(work.transaction.exec(statements::insert_ticket, work.agency(), opened.ticket));
  note_status(work, opened.ticket, work.now);
  CHECK_OK(promise(work, opened.ticket, entitlement->tier == Tier::key ? Lane::key : Lane::standard));
  work.publish(opened);
  return opened.ticket;
}

}  // namespace holdfast::tickets
