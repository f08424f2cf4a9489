#pragma once

#include <functional>
#include <optional>

#include "notifications/domain/book.h"
#include "notifications/domain/contract.h"
#include "notifications/domain/message.h"
#include "notifications/domain/quiet_hours.h"
#include "notifications/domain/ticket.h"
#include "notifications/domain/ticket_news.h"
#include "notifications/templates/mail_template.h"
#include "runtime/events/unit_of_work.h"

// Messages: writing them, and what becomes of them.
namespace holdfast::notifications {

// The timer of a message: its next attempt, by the system clock.
inline constexpr std::string_view mail_timer = "notifications.mail";

// The timer of a message that waits for the end of quiet hours, by the business clock. Where that clock is moved, the
// nights of the people in the story are the story's: a year that passes in seconds has its mornings too. Otherwise both
// clocks are one.
inline constexpr std::string_view quiet_timer = "notifications.quiet_hours";

// The timer of an agency whose ledger has bodies of mails to forget, by the system clock: once a day.
inline constexpr std::string_view bodies_timer = "notifications.mail_bodies";

// With what every mail is written, beside the database.
struct Desk {
  const Clock& system_clock;   // counts the attempts at a mail: the mail server's time is real
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
  std::optional<StaffId> recipient_id = {};  // the account's owner unless given
  std::optional<TicketNews> news = {};       // what may be overtaken while the mail waits
};

// A message that is being written. The model has `agency`, `account`, `name` and `location` already, and that it is the
// account that is `yours`.
struct Draft {
  const Addressee& to;
  Instant goes_at;  // by the business clock: when quiet hours are over
  MailModel model;
  std::string calendar;  // an .ics to go with it; empty: none
};
using Fill = std::function<Result<>(Draft& draft)>;

// Writes one message and sets its timer: at once, or when the recipient's quiet hours are over (R70). False when the
// same event has made this message before: then nothing is written. ACCOUNT_NOT_FOUND, LOCATION_NOT_FOUND while this
// service has not heard of them.
Result<bool> tell(events::UnitOfWork& work, const Desk& desk, const Occasion& occasion, const Fill& fill);

// The message's first attempt is due now, in this process as soon as this has committed.
void attend_to(events::UnitOfWork& work, const Desk& desk, const MessageId& id);

// What the timer does: quiet hours are over, the message's first attempt is due; or it is cancelled, when what it says
// of a ticket is true no longer.
Result<std::optional<Instant>> end_quiet_hours(events::UnitOfWork& work, const Desk& desk, const MessageId& id);

// Mails that wait hear how their ticket stands, that what they warn of has happened, and that somebody else has it.
Result<> follow_ticket(events::UnitOfWork& work, const TicketStatusChanged& event);
Result<> break_promise(events::UnitOfWork& work, const SlaBreached& event);
Result<> give_away(events::UnitOfWork& work, const TicketAssigned& event);

struct GetMessage {
  MessageId id;
};
Result<Message> get_message(sql::Transaction& transaction, const GetMessage& query);

struct ListMessages {
  std::optional<AccountId> account_id;
  std::optional<MessageState> state;
  std::int32_t page_size = 0;
  std::string page_token;
};
struct MessageList {
  std::vector<Message> messages;
  std::string next_page_token;
};
Result<MessageList> list_messages(sql::Transaction& transaction, const ListMessages& query);

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

// How long a mail's text, HTML and calendar entry are kept once it is through. The rest of the ledger stays.
inline constexpr auto bodies_kept = std::chrono::days(30);

// From an agency's first mail on its bodies are looked at each midnight; no other mail waits for that one timer.
void forget_bodies_later(events::UnitOfWork& work, Instant system_now);

// Forgets what is older, a little at a time: when to go on.
Result<std::optional<Instant>> forget_bodies(events::UnitOfWork& work, Instant system_now);

// Records what came of a claimed mail, sets its timer and publishes its end. Does nothing when the lease has ended and
// another attempt was begun since: that one decides.
Result<> record_mail(events::UnitOfWork& work, const Message& claimed, const MailOutcome& outcome, Instant system_now,
                     const RandomFraction& random);

}  // namespace holdfast::notifications

template <>
struct holdfast::Fields<holdfast::notifications::GetMessage> {
  static constexpr auto list = FieldList{Field{"id", &notifications::GetMessage::id}};
};

template <>
struct holdfast::Fields<holdfast::notifications::ListMessages> {
  using T = notifications::ListMessages;
  static constexpr auto list = FieldList{Field{"account_id", &T::account_id}, Field{"state", &T::state},
                                         Field{"page_size", &T::page_size}, Field{"page_token", &T::page_token}};
};

template <>
struct holdfast::Fields<holdfast::notifications::MessageList> {
  using T = notifications::MessageList;
  static constexpr auto list =
      FieldList{Field{"messages", &T::messages}, Field{"next_page_token", &T::next_page_token}};
};
