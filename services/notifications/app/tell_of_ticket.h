#pragma once

#include "notifications/app/messages.h"

// What the mails about tickets share.
namespace holdfast::notifications {

// Who at the agency is told of a ticket. Who is both is told once.
enum class Audience { account_owner, assignee, both };

// A mail about a ticket: its template, what still_true asks by in the morning, and to whom it goes.
struct TicketTold {
  MailTemplate mail{};
  TicketEvent event{};
  Audience audience{};
  std::optional<Promise> promise = {};
};

// What every mail about a ticket says, and what `fill` adds. A P1 wakes people; nothing else does (R70).
// STAFF_NOT_FOUND while this service has not heard of an assignee whom nobody is told besides.
Result<> tell_of_ticket(events::UnitOfWork& work, const Desk& desk, const TicketTold& told, const Ticket& ticket,
                        const Cause& cause, const std::function<void(MailModel&)>& fill);

// As the customer was told it: "service restored".
std::string words(Promise promise);

}  // namespace holdfast::notifications
