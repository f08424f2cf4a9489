#include "tickets/app/change_ticket.h"

#include "tickets/app/promises.h"
#include "tickets/store/tickets.sql.h"

namespace holdfast::tickets {
namespace {

void publish_change(events::UnitOfWork& work, const Ticket& before, const Ticket& after) {
  if (before.status == after.status) return work.publish(TicketChanged{after});
  work.publish(TicketStatusChanged{after, before.status});
  if (after.status == TicketStatus::resolved) work.publish(TicketResolved{after});
  if (after.status == TicketStatus::closed) work.publish(TicketClosed{after});
}

}  // namespace

Result<Ticket> change_ticket(events::UnitOfWork& work, TicketId id, const std::string& etag,
                             const std::function<Result<Ticket>(Ticket)>& rule) {
  const auto before = TRY((work.transaction.maybe<Ticket>(statements::lock_ticket, id)));
  if (!before) return fail(Reason::ticket_not_found, "id", "there is no ticket " + to_string(id));
  CHECK_OK(check_etag(*before, etag));
  const auto after = TRY(rule(*before));
  TRY(work.transaction.exec(statements::update_ticket, after.id, after.status, after.owner_id, after.pause_reason,
                            after.resolution, after.resolved_at, after.carrier, after.carrier_ticket, after.version));
  CHECK_OK(follow_promises(work, *before, after));
  publish_change(work, *before, after);
  return after;
}

}  // namespace holdfast::tickets
