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

std::string words(Promise promise) { return promise == Promise::acknowledge ? "the first answer" : "service restored"; }

// Of which event a mail tells, and of which promise.
struct Told {
  MailTemplate mail{};
  TicketEvent event{};
  std::optional<Promise> promise = {};
};

// What every mail about a ticket says, and what `fill` adds. A P1 wakes people; nothing else does (R70).
Result<> tell_of_ticket(events::UnitOfWork& work, const Desk& desk, const Told& told, const Ticket& ticket,
                        const Cause& cause, const std::function<void(MailModel&)>& fill) {
  const Occasion occasion{.cause = cause,
                          .account_id = ticket.account_id,
                          .location_id = ticket.location_id,
                          .mail = told.mail,
                          .urgency = ticket.priority == Priority::p1 ? Urgency::p1 : Urgency::ordinary,
                          .news = TicketNews{.ticket_id = ticket.id,
                                             .event = told.event,
                                             .promise = told.promise,
                                             .status = ticket.status,
                                             .version = ticket.version}};
  TRY(tell(work, desk, occasion, [&](Draft& draft) -> Result<> {
    draft.model.set("ticket", to_string(ticket.id))
        .set("summary", ticket.name)
        .set("severity", severity(ticket.priority))
        .set("opened_at", ticket.opened_at)
        .set("link", desk.console_url + "/tickets/" + to_string(ticket.id));
    fill(draft.model);
    return {};
  }));
  return {};
}

}  // namespace

Result<> tell_ticket_opened(events::UnitOfWork& work, const Desk& desk, const TicketOpened& event, const Cause& cause) {
  const Told told{MailTemplate::ticket_opened, TicketEvent::opened};
  return tell_of_ticket(work, desk, told, event.ticket, cause, [](MailModel&) {});
}

Result<> tell_ticket_resolved(events::UnitOfWork& work, const Desk& desk, const TicketResolved& event,
                              const Cause& cause) {
  const Told told{MailTemplate::ticket_resolved, TicketEvent::resolved};
  return tell_of_ticket(work, desk, told, event.ticket, cause, [&](MailModel& model) {
    model.set("resolved_at", event.ticket.resolved_at.value_or(cause.happened_at))
        .set("resolution", event.ticket.resolution);
  });
}

Result<> tell_sla_warning(events::UnitOfWork& work, const Desk& desk, const SlaWarning& event, const Cause& cause) {
  // While the clock stands still it breaks no earlier than this.
  const auto due_at = event.due_at.value_or(cause.happened_at + std::chrono::seconds(event.remaining_seconds));
  const Told told{MailTemplate::sla_warning, TicketEvent::warning, event.promise};
  return tell_of_ticket(work, desk, told, event.ticket, cause,
                        [&](MailModel& model) { model.set("promise", words(event.promise)).set("due_at", due_at); });
}

Result<> tell_sla_breached(events::UnitOfWork& work, const Desk& desk, const SlaBreached& event, const Cause& cause) {
  const Told told{MailTemplate::sla_breached, TicketEvent::breached, event.promise};
  return tell_of_ticket(work, desk, told, event.ticket, cause, [&](MailModel& model) {
    model.set("promise", words(event.promise)).set("due_at", cause.happened_at);
  });
}

}  // namespace holdfast::notifications
