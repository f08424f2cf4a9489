#include "notifications/app/messages.h"
#include "notifications/store/messages.sql.h"
#include "runtime/timers/timers.h"

namespace holdfast::notifications {
namespace {

struct Parts {
  std::string html;
  std::string calendar;
};

}  // namespace
}  // namespace holdfast::notifications

template <>
struct holdfast::Fields<holdfast::notifications::Parts> {
  using Parts = notifications::Parts;
  static constexpr auto list = FieldList{Field{"html", &Parts::html}, Field{"calendar", &Parts::calendar}};
};

namespace holdfast::notifications {
namespace {

void store(events::UnitOfWork& work, const Message& message) {
  work.transaction.defer(statements::update_message, message.id, message.state, message.attempts,
                         message.next_attempt_at, message.last_reply, message.ended_at, message.version,
                         message.disposition);
  if (message.state == MessageState::completed) work.publish(MessageSent{message});
  if (message.state == MessageState::failed) work.publish(MessageFailed{message});
}

}  // namespace

Result<std::optional<ClaimedMail>> claim_mail(events::UnitOfWork& work, const MessageId& id, Instant lease_until) {
  auto before = TRY((work.transaction.maybe<Message>(statements::lock_message, id)));
  // Through already, and its timer a leftover: there is nothing to send.
  if (!before || before->ended_at) return std::optional<ClaimedMail>();
  auto message = TRY(begin_attempt(*std::move(before), lease_until, work.now));
  const auto parts = TRY((work.transaction.one<Parts>(statements::load_parts, id)));
  store(work, message);
  if (message.state != MessageState::in_progress) return std::optional<ClaimedMail>();
  return std::optional(ClaimedMail{work.agency(), std::move(message), parts.html, parts.calendar});
}

Result<> record_mail(events::UnitOfWork& work, const Message& claimed, const MailOutcome& outcome, Instant system_now,
                     const RandomFraction& random) {
  auto before = TRY((work.transaction.one<Message>(statements::lock_message, claimed.id)));
  if (before.version != claimed.version) return {};
  const auto message = TRY(end_attempt(std::move(before), outcome, system_now, work.now, random));
  timers::Timers::set(work, mail_timer, message.id.uuid, message.next_attempt_at);
  store(work, message);
  return {};
}

}  // namespace holdfast::notifications
