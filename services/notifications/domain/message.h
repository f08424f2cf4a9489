#pragma once

#include <array>
#include <optional>
#include <string>

#include "notifications/domain/ids.h"
#include "notifications/domain/jitter.h"
#include "notifications/domain/mail_outcome.h"
#include "notifications/domain/message_state.h"
#include "runtime/core/fields.h"

namespace holdfast::notifications {

// How long a mail waits after the n-th attempt that failed for a passing reason: ten attempts over 39 h 42 m 30 s, then
// it has failed. The first steps pass a greylist, the rest a mail server that is away for a night; mail that is a day
// and a half late misleads more than it tells.
constexpr std::array<std::chrono::seconds, 9> mail_delays = {
    std::chrono::seconds(30), std::chrono::minutes(2), std::chrono::minutes(10),
    std::chrono::minutes(30), std::chrono::hours(1),   std::chrono::hours(2),
    std::chrono::hours(4),    std::chrono::hours(8),   std::chrono::hours(24)};
constexpr int max_mail_attempts = static_cast<int>(mail_delays.size()) + 1;

constexpr size_t max_last_reply_bytes = 512;

// One message to one person, as the ledger has it.
struct Message {
  MessageId id;
  AccountId account_id;
  Uuid event_id;  // what gave rise to it
  std::string template_name;
  StaffId recipient_id;
  std::string recipient_name;
  std::string recipient_address;
  std::string subject;
  std::string text;
  MessageState state = MessageState::initial;
  std::optional<Suppression> disposition;
  std::int32_t attempts = 0;  // that were begun
  std::optional<Instant> next_attempt_at;
  std::string last_reply;
  Instant created_at;
  std::optional<Instant> ended_at;
  std::int64_t version = 1;

  bool operator==(const Message&) const = default;
};

// The two facts about a message that others hear of.
struct MessageSent {
  Message message;
};
struct MessageFailed {
  Message message;
};

// Somebody is about to hand the message to a mail server, and has until `lease_until` to say what came of it. A message
// that is still in progress was lost by whoever had it: that attempt counts, since it may have been sent. Of one that
// has no attempt left this makes a failed one. ILLEGAL_TRANSITION for a message that is through.
Result<Message> begin_attempt(Message message, Instant lease_until, Instant now);

// What came of the attempt that was begun last. `system_now` counts the schedule, `now` dates the end.
Result<Message> end_attempt(Message message, const MailOutcome& outcome, Instant system_now, Instant now,
                            const RandomFraction& random);

// A message of which no attempt was begun, and none will be. ILLEGAL_TRANSITION once it is through.
Result<Message> cancel(Message message, Suppression why, Instant now);

}  // namespace holdfast::notifications

namespace holdfast {

template <>
struct Fields<notifications::Message> {
  using T = notifications::Message;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"account_id", &T::account_id},
                                         Field{"event_id", &T::event_id},
                                         Field{"template", &T::template_name},
                                         Field{"recipient_id", &T::recipient_id},
                                         Field{"recipient_name", &T::recipient_name},
                                         Field{"recipient_address", &T::recipient_address},
                                         Field{"subject", &T::subject},
                                         Field{"text", &T::text},
                                         Field{"state", &T::state},
                                         Field{"disposition", &T::disposition},
                                         Field{"attempts", &T::attempts},
                                         Field{"next_attempt_at", &T::next_attempt_at},
                                         Field{"last_reply", &T::last_reply},
                                         Field{"created_at", &T::created_at},
                                         Field{"ended_at", &T::ended_at},
                                         Field{"version", &T::version}};
};

template <>
struct Fields<notifications::MessageSent> {
  static constexpr std::string_view message = "holdfast.notifications.v1.MessageSent";
  static constexpr auto list = FieldList{Field{"message", &notifications::MessageSent::message}};
};

template <>
struct Fields<notifications::MessageFailed> {
  static constexpr std::string_view message = "holdfast.notifications.v1.MessageFailed";
  static constexpr auto list = FieldList{Field{"message", &notifications::MessageFailed::message}};
};

}  // namespace holdfast
