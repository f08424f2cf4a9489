#pragma once

#include <functional>
#include <optional>

#include "notifications/domain/book.h"
#include "notifications/domain/message.h"
#include "notifications/domain/quiet_hours.h"
#include "notifications/domain/ticket.h"
#include "notifications/templates/mail_template.h"
#include "runtime/events/unit_of_work.h"

// Messages: writing them, and what becomes of them.
namespace holdfast::notifications {

// The timer of a message: its next attempt, by the system clock.
inline constexpr std::string_view mail_timer = "notifications.mail";

// With what every mail is written.
struct Desk {
  const Clock& system_clock;   // people's nights and the schedule of mail are real, whatever the business clock says
  std::string console_url;     // "https://holdfast.example"; what links begin with
  std::function<void()> wake;  // after a commit that set a timer
};

// The event that gives rise to a message.
struct Cause {
  Uuid event_id;
  Instant happened_at;
};

// Why somebody is told something.
struct Occasion {
  Cause cause;
  AccountId account_id;
  std::optional<LocationId> location_id;
  MailTemplate mail{};
  Urgency urgency = Urgency::ordinary;
};

using FillModel = std::function<void(MailModel& model, const Addressee& addressee)>;

// Writes one message to the account's owner and sets its timer: at once, or when the owner's quiet hours are over
// (R70). The model has `agency`, `account` and `name` already. Does nothing when the same event has made this message
// before. ACCOUNT_NOT_FOUND, LOCATION_NOT_FOUND while this service has not heard of them.
Result<> tell_owner(events::UnitOfWork& work, const Desk& desk, const Occasion& occasion, const FillModel& fill);

Result<> tell_ticket_opened(events::UnitOfWork& work, const Desk& desk, const TicketOpened& event, const Cause& cause);
Result<> tell_ticket_resolved(events::UnitOfWork& work, const Desk& desk, const TicketResolved& event,
                              const Cause& cause);
Result<> tell_sla_warning(events::UnitOfWork& work, const Desk& desk, const SlaWarning& event, const Cause& cause);
Result<> tell_sla_breached(events::UnitOfWork& work, const Desk& desk, const SlaBreached& event, const Cause& cause);

struct GetMessage {
  MessageId id;
};
Result<Message> get_message(sql::Transaction& transaction, const GetMessage& query);

// A mail that somebody now has to send, at most once, before the lease ends.
struct ClaimedMail {
  AgencyId agency;
  Message message;
  std::string html;
  std::string calendar;  // an .ics; empty: none
};

// Begins an attempt. Nothing when there is nothing left to send; otherwise the message's timer belongs at the lease's
// end, so that a process that is never heard of again does not keep the mail.
Result<std::optional<ClaimedMail>> claim_mail(events::UnitOfWork& work, const MessageId& id, Instant lease_until);

// Records what came of a claimed mail, sets its timer and publishes its end. Does nothing when the lease has ended and
// another attempt was begun since: that one decides.
Result<> record_mail(events::UnitOfWork& work, const Message& claimed, const MailOutcome& outcome, Instant system_now,
                     const RandomFraction& random);

}  // namespace holdfast::notifications

template <>
struct holdfast::Fields<holdfast::notifications::GetMessage> {
  static constexpr auto list = std::tuple{Field{"id", &notifications::GetMessage::id}};
};
