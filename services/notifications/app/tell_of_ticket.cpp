#include "notifications/app/tell_of_ticket.h"

#include "notifications/store/book.sql.h"

namespace holdfast::notifications {
namespace {

std::string severity(Priority priority) {
  switch (priority) {
    case Priority::p1:
      return "P1, out of service";
    case Priority::p2:
      return "P2, partly out of service";
    case Priority::p3:
      return "P3, quality";
    case Priority::p4:
      return "P4, a question";
  }
  __builtin_unreachable();
}

}  // namespace

std::string words(Promise promise) { return promise == Promise::acknowledge ? "the first answer" : "service restored"; }

Result<> tell_of_ticket(events::UnitOfWork& work, const Desk& desk, const TicketTold& told, const Ticket& ticket,
                        const Cause& cause, const std::function<void(MailModel&)>& fill) {
  Occasion occasion{.cause = cause,
                    .account_id = ticket.account_id,
                    .location_id = ticket.location_id,
                    .mail = told.mail,
                    .urgency = ticket.priority == Priority::p1 ? Urgency::p1 : Urgency::ordinary,
                    .news = TicketNews{.ticket_id = ticket.id,
                                       .event = told.event,
                                       .promise = told.promise,
                                       .status = ticket.status,
                                       .version = ticket.version}};
  const auto write = [&](const char* yours) {
    return tell(work, desk, occasion, [&](Draft& draft) -> Result<> {
      draft.model.set("ticket", to_string(ticket.id))
          .set("summary", ticket.name)
          .set("severity", severity(ticket.priority))
          .set("opened_at", ticket.opened_at)
          .set("link", desk.console_url + "/tickets/" + to_string(ticket.id))
          .set("yours", yours);
      fill(draft.model);
      return {};
    });
  };
  if (told.audience != Audience::assignee) TRY(write("account"));
  if (told.audience == Audience::account_owner) return {};
  const auto known = TRY(work.transaction.one<bool>(statements::knows_staff, ticket.owner_id));
  // Before tickets asked who is staff, a ticket could be given to anybody. Its account's owner is told all the same.
  if (!known && told.audience == Audience::both) return {};
  if (!known) {
    return fail(Reason::staff_not_found, "owner_id", "no member of staff " + to_string(ticket.owner_id) + " is known");
  }
  occasion.recipient_id = ticket.owner_id;
  TRY(write("ticket"));
  return {};
}

}  // namespace holdfast::notifications
