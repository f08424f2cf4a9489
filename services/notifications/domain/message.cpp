#include "notifications/domain/message.h"

#include <cassert>

#include "notifications/domain/readable.h"

namespace holdfast::notifications {
namespace {

Message end(Message message, MessageState state, Instant now) {
  message.state = state;
  message.next_attempt_at.reset();
  message.ended_at = now;
  return message;
}

}  // namespace

Result<Message> begin_attempt(Message message, Instant lease_until, Instant now) {
  ++message.version;
  if (message.state == MessageState::in_progress) {
    message.state = TRY(change(message.state, MessageState::initial));
    message.last_reply = "whether the last attempt arrived is not known";
  }
  if (message.attempts >= max_mail_attempts) {
    const auto failed = TRY(change(message.state, MessageState::failed));
    return end(std::move(message), failed, now);
  }
  message.state = TRY(change(message.state, MessageState::in_progress));
  ++message.attempts;
  message.next_attempt_at = lease_until;
  return message;
}

Result<Message> cancel(Message message, Suppression why, Instant now) {
  ++message.version;
  message.disposition = why;
  const auto state = TRY(change(message.state, MessageState::cancelled));
  return end(std::move(message), state, now);
}

Result<Message> end_attempt(Message message, const MailOutcome& outcome, Instant system_now, Instant now,
                            const RandomFraction& random) {
  assert(message.attempts >= 1);
  ++message.version;
  message.last_reply = readable(outcome.detail, max_last_reply_bytes);
  if (outcome.kind == MailOutcome::Kind::sent) {
    const auto completed = TRY(change(message.state, MessageState::completed));
    return end(std::move(message), completed, now);
  }
  if (outcome.kind == MailOutcome::Kind::refused || message.attempts >= max_mail_attempts) {
    const auto failed = TRY(change(message.state, MessageState::failed));
    return end(std::move(message), failed, now);
  }
  message.state = TRY(change(message.state, MessageState::initial));
  message.next_attempt_at = system_now + with_jitter(mail_delays.at(static_cast<size_t>(message.attempts - 1)), random);
  return message;
}

}  // namespace holdfast::notifications
