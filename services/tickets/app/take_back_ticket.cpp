#include "runtime/timers/timers.h"
#include "tickets/app/change_ticket.h"
#include "tickets/app/promises.h"
#include "tickets/app/tickets.h"
#include "tickets/store/tickets.sql.h"

namespace holdfast::tickets {
namespace {

Result<> take_back_opening(events::UnitOfWork& work, const Ticket& ticket) {
  const auto entitlement = TRY((work.transaction.maybe<Entitlement>(statements::load_entitlement, ticket.account_id,
                                                                    ticket.location_id, ticket.contact_id)));
  if (!entitlement) {
    return fail(Reason::dependency_unavailable, "the account " + to_string(ticket.account_id) + " is not known yet");
  }
  TRY(work.transaction.exec(statements::insert_ticket, work.agency(), ticket));
  note_status(work, ticket, work.now);
  return promise(work, ticket, entitlement->tier == Tier::key ? Lane::key : Lane::standard);
}

}  // namespace

Result<> take_back_ticket(events::UnitOfWork& work, const Ticket& ticket, Instant at) {
  events::UnitOfWork then(work.transaction, at);
  const auto known = TRY((work.transaction.maybe<Ticket>(statements::lock_ticket, ticket.id)));
  if (!known) {
    CHECK_OK(take_back_opening(then, ticket));
  } else if (known->version < ticket.version) {
    CHECK_OK(record_change(then, *known, ticket, at));
  } else if (known->version == ticket.version) {
    // Of a promise that fell due, the ticket being as it was: it is due no more.
    const auto next_due = TRY(advance_promises(then, ticket.id, at));
    timers::Timers::set(then, promises_timer, ticket.id.uuid, next_due);
  }
  then.published.clear();
  work.take(then);
  return {};
}

}  // namespace holdfast::tickets
