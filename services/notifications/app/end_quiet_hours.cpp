#include "notifications/app/messages.h"
#include "notifications/store/messages.sql.h"
#include "notifications/store/ticket_news.sql.h"

namespace holdfast::notifications {
namespace {

// Says so in the ledger; nobody is told.
Result<> cancel_mail(events::UnitOfWork& work, Message before) {
  const auto message = TRY(cancel(std::move(before), Suppression::overtaken, work.now));
  work.transaction.defer(statements::update_message, message.id, message.state, message.attempts,
                         message.next_attempt_at, message.last_reply, message.ended_at, message.version,
                         message.disposition);
  return {};
}

}  // namespace

Result<std::optional<Instant>> end_quiet_hours(events::UnitOfWork& work, const Desk& desk, const MessageId& id) {
  auto message = TRY((work.transaction.maybe<Message>(statements::lock_message, id)));
  // Through already, and its timer a leftover.
  if (!message || message->ended_at) return std::optional<Instant>();
  const auto news = TRY((work.transaction.maybe<TicketNews>(statements::lock_news, id)));
  if (news) work.transaction.defer(statements::forget_news, id);
  if (news && !still_true(*news)) {
    CHECK_OK(cancel_mail(work, *std::move(message)));
  } else {
    attend_to(work, desk, id);
  }
  return std::optional<Instant>();
}

Result<> follow_ticket(events::UnitOfWork& work, const TicketStatusChanged& event) {
  const auto& ticket = event.ticket;
  work.transaction.defer(statements::follow_ticket, ticket.id, ticket.status, ticket.version);
  return {};
}

Result<> break_promise(events::UnitOfWork& work, const SlaBreached& event) {
  work.transaction.defer(statements::break_promise, event.ticket.id, event.promise);
  return {};
}

Result<> give_away(events::UnitOfWork& work, const TicketAssigned& event) {
  work.transaction.defer(statements::give_away, event.ticket.id, event.ticket.version);
  return {};
}

}  // namespace holdfast::notifications
