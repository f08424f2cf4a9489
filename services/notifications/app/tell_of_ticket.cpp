#include <fmt/format.h>

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

std::string show_service_hours(std::int64_t seconds) {
  const auto minutes = seconds / 60;
  return fmt::format("{} h {} m of service hours", minutes / 60, minutes % 60);
}

// What every mail about a ticket says, and what `fill` adds. A P1 wakes people; nothing else does (R70).
Result<> tell_of_ticket(events::UnitOfWork& work, const Desk& desk, MailTemplate mail, const Ticket& ticket,
                        const Cause& cause, const std::function<void(MailModel&)>& fill) {
  const Occasion occasion{.cause = cause,
                          .account_id = ticket.account_id,
                          .location_id = ticket.location_id,
                          .mail = mail,
                          .urgency = ticket.priority == Priority::p1 ? Urgency::p1 : Urgency::ordinary};
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
  return tell_of_ticket(work, desk, MailTemplate::ticket_opened, event.ticket, cause, [](MailModel&) {});
}

Result<> tell_ticket_resolved(events::UnitOfWork& work, const Desk& desk, const TicketResolved& event,
                              const Cause& cause) {
  return tell_of_ticket(work, desk, MailTemplate::ticket_resolved, event.ticket, cause, [&](MailModel& model) {
    model.set("resolved_at", event.ticket.resolved_at.value_or(cause.happened_at))
        .set("resolution", event.ticket.resolution);
  });
}

Result<> tell_sla_warning(events::UnitOfWork& work, const Desk& desk, const SlaWarning& event, const Cause& cause) {
  return tell_of_ticket(work, desk, MailTemplate::sla_warning, event.ticket, cause, [&](MailModel& model) {
    model.set("promise", words(event.promise)).set("time_left", show_service_hours(event.remaining_seconds));
  });
}

Result<> tell_sla_breached(events::UnitOfWork& work, const Desk& desk, const SlaBreached& event, const Cause& cause) {
  return tell_of_ticket(work, desk, MailTemplate::sla_breached, event.ticket, cause, [&](MailModel& model) {
    model.set("promise", words(event.promise)).set("due_at", cause.happened_at);
  });
}

}  // namespace holdfast::notifications
