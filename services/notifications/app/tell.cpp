#include "notifications/app/messages.h"
#include "notifications/store/book.sql.h"
#include "notifications/store/messages.sql.h"
#include "notifications/store/ticket_news.sql.h"
#include "runtime/timers/timers.h"

namespace holdfast::notifications {
namespace {

Result<Addressee> load_addressee(events::UnitOfWork& work, const Occasion& occasion) {
  auto addressee = TRY((work.transaction.maybe<Addressee>(statements::load_addressee, occasion.account_id,
                                                          occasion.location_id, occasion.recipient_id)));
  if (!addressee) {
    return fail(Reason::account_not_found, "account_id", "no account " + to_string(occasion.account_id) + " is known");
  }
  if (occasion.location_id && !addressee->location) {
    return fail(Reason::location_not_found, "location_id",
                "no location " + to_string(*occasion.location_id) + " is known");
  }
  return *std::move(addressee);
}

void wait_for_morning(events::UnitOfWork& work, const MessageId& id, Instant until,
                      const std::optional<TicketNews>& news) {
  if (news) work.transaction.defer(statements::keep_news, work.agency(), id, *news);
  timers::Timers::set(work, quiet_timer, id.uuid, until);
}

}  // namespace

Result<bool> tell(events::UnitOfWork& work, const Desk& desk, const Occasion& occasion, const Fill& fill) {
  const auto addressee = TRY(load_addressee(work, occasion));
  const auto zone = TRY(parse_zone(addressee.time_zone));
  Draft draft{.to = addressee,
              .goes_at = may_send_from(work.now, zone, QuietHours(), occasion.urgency),
              .model = MailModel(zone),
              .calendar = {}};
  draft.model.set("agency", addressee.agency)
      .set("account", addressee.account)
      .set("name", addressee.name)
      .set("location", addressee.location.value_or("the whole account"))
      .set("yours", "account");
  CHECK_OK(fill(draft));
  const auto mail = TRY(render(occasion.mail, draft.model));
  const Message message{.id = new_id<MessageId>(work.now),
                        .account_id = occasion.account_id,
                        .event_id = occasion.cause.event_id,
                        .template_name = std::string(holdfast::to_string(occasion.mail)),
                        .recipient_id = addressee.id,
                        .recipient_name = addressee.name,
                        .recipient_address = addressee.email,
                        .subject = mail.subject,
                        .text = mail.text,
                        .next_attempt_at = draft.goes_at,
                        .created_at = work.now};
  const auto written =
      TRY(work.transaction.exec(statements::insert_message, work.agency(), message, mail.html, draft.calendar));
  if (written == 0) return false;
  forget_bodies_later(work, desk.system_clock.now());
  if (draft.goes_at > work.now) {
    wait_for_morning(work, message.id, draft.goes_at, occasion.news);
  } else {
    attend_to(work, desk, message.id);
  }
  return true;
}

void attend_to(events::UnitOfWork& work, const Desk& desk, const MessageId& id) {
  timers::Timers::set(work, mail_timer, id.uuid, desk.system_clock.now());
  work.hints.push_back(desk.wake);
}

}  // namespace holdfast::notifications
