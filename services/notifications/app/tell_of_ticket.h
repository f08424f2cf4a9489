#pragma once

#include "notifications/app/messages.h"

// What the mails about tickets share.
namespace holdfast::notifications {

// A mail about a ticket: its template, and what still_true asks by in the morning.
struct TicketTold {
  MailTemplate mail{};
  TicketEvent event{};
  std::optional<Promise> promise = {};
};

// What every mail about a ticket says, and what `fill` adds. A P1 wakes people; nothing else does (R70).
Result<> tell_of_ticket(events::UnitOfWork& work, const Desk& desk, const TicketTold& told, const Ticket& ticket,
                        const Cause& cause, const std::function<void(MailModel&)>& fill);

// As the customer was told it: "service restored".
std::string words(Promise promise);

}  // namespace holdfast::notifications
