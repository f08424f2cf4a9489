#include "notifications/app/messages.h"

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

Result<> tell_ticket_opened(events::UnitOfWork& work, const Desk& desk, const TicketOpened& event,
                            const Uuid& event_id) {
  const auto& ticket = event.ticket;
  const Occasion occasion{.event_id = event_id,
                          .account_id = ticket.account_id,
                          .location_id = ticket.location_id,
                          .mail = MailTemplate::ticket_opened,
                          .urgency = ticket.priority == Priority::p1 ? Urgency::p1 : Urgency::ordinary};
  return tell_owner(work, desk, occasion, [&](MailModel& model, const Addressee& addressee) {
    model.set("ticket", to_string(ticket.id))
        .set("summary", ticket.name)
        .set("severity", severity(ticket.priority))
        .set("location", addressee.location.value_or("the whole account"))
        .set("opened_at", ticket.opened_at)
        .set("link", desk.console_url + "/tickets/" + to_string(ticket.id))
        .set_optional("circuit", std::nullopt)
        .set_optional("due_at", std::nullopt);
  });
}

}  // namespace holdfast::notifications
