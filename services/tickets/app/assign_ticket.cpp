#include "tickets/app/change_ticket.h"
#include "tickets/app/tickets.h"
#include "tickets/store/book.sql.h"

namespace holdfast::tickets {
namespace {

// Of whom nothing was heard yet is asked for by whoever called the verb.
Result<> check_staff(events::UnitOfWork& work, StaffId id) {
  const auto known = TRY(work.transaction.one<bool>(statements::knows_staff, id));
  if (!known) return fail(Reason::staff_not_found, "owner_id", "there is no member of staff " + to_string(id));
  return {};
}

}  // namespace

Result<Ticket> assign_ticket(events::UnitOfWork& work, const AssignTicket& command) {
  bool given = false;
  const auto rule = [&](const Ticket& before) -> Result<Ticket> {
    CHECK_OK(check_staff(work, command.owner_id));
    auto after = TRY(assign(before, command));
    given = changed_hands(before, after);
    return after;
  };
  auto ticket = TRY(change_ticket(work, command.id, command.etag, rule));
  if (given) work.publish(TicketAssigned{ticket, work.call().who.id});
  return ticket;
}

}  // namespace holdfast::tickets
