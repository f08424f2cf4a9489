#include "tickets/app/change_ticket.h"

#include "runtime/core/etag.h"
#include "tickets/app/auto_close.h"
#include "tickets/app/promises.h"
#include "tickets/domain/ticket_lists.h"
#include "tickets/store/tickets.sql.h"

namespace holdfast::tickets {
namespace {

void publish_change(events::UnitOfWork& work, const Ticket& before, const Ticket& after, Instant at) {
  if (before.status == after.status) return work.publish(TicketChanged{after}, at);
  work.publish(TicketStatusChanged{after, before.status}, at);
  if (after.status == TicketStatus::resolved) work.publish(TicketResolved{after}, at);
  if (after.status == TicketStatus::closed) work.publish(TicketClosed{after}, at);
}

}  // namespace

void note_status(events::UnitOfWork& work, const Ticket& ticket, Instant at) {
  const StatusChange change{ticket.version, ticket.status, ticket.pause_reason, at, work.call().who.id};
  work.transaction.defer(statements::insert_status_change, work.agency(), ticket.id, change);
}

Result<Ticket> change_ticket(events::UnitOfWork& work, TicketId id, const std::string& etag,
                             const std::function<Result<Ticket>(Ticket)>& rule) {
  const auto seen = TRY((work.transaction.maybe<Ticket>(statements::lock_ticket, id)));
  if (!seen) return fail(Reason::ticket_not_found, "id", "there is no ticket " + to_string(id));
  CHECK_OK(check_etag(*seen, etag));
  const auto before = TRY(close_if_due(work, *seen, work.now));
  auto after = TRY(rule(before));
  CHECK_OK(record_change(work, before, after, work.now));
  return after;
}

Result<> record_change(events::UnitOfWork& work, const Ticket& before, const Ticket& after, Instant at) {
  TRY(work.transaction.exec(statements::update_ticket, after));
  if (after.status != before.status) note_status(work, after, at);
  CHECK_OK(follow_promises(work, before, after, at));
  CHECK_OK(follow_resolution(work, before, after));
  publish_change(work, before, after, at);
  return {};
}

}  // namespace holdfast::tickets
