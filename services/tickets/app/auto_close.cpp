#include "tickets/app/auto_close.h"

#include "runtime/timers/timers.h"
#include "tickets/app/change_ticket.h"
#include "tickets/domain/ticket_life.h"
#include "tickets/store/promises.sql.h"
#include "tickets/store/tickets.sql.h"

namespace holdfast::tickets {
namespace {

// By the calendar that its promises were made on.
Result<std::optional<Instant>> due_of(events::UnitOfWork& work, const Ticket& ticket) {
  if (ticket.status != TicketStatus::resolved || !ticket.resolved_at) return std::nullopt;
  const auto zone = TRY((work.transaction.one<std::string>(statements::load_zone_of_ticket, ticket.id)));
  const auto due = TRY(closes_at(*ticket.resolved_at, zone));
  return due;
}

}  // namespace

Result<> follow_resolution(events::UnitOfWork& work, const Ticket& before, const Ticket& after) {
  if (before.status == after.status) return {};
  if (before.status != TicketStatus::resolved && after.status != TicketStatus::resolved) return {};
  const auto due = TRY(due_of(work, after));
  timers::Timers::set(work, auto_close_timer, after.id.uuid, due);
  return {};
}

Result<Ticket> close_if_due(events::UnitOfWork& work, const Ticket& ticket, Instant now) {
  const auto due = TRY(due_of(work, ticket));
  if (!due || *due > now) return ticket;
  auto closed = TRY(close(ticket, {}));
  CHECK_OK(record_change(work, ticket, closed, *due));
  return closed;
}

Result<std::optional<Instant>> close_unopposed(events::UnitOfWork& work, TicketId id, Instant now) {
  const auto ticket = TRY((work.transaction.maybe<Ticket>(statements::lock_ticket, id)));
  if (!ticket) return std::nullopt;
  const auto by_now = TRY(close_if_due(work, *ticket, now));
  return due_of(work, by_now);
}

}  // namespace holdfast::tickets
