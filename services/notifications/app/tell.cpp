#include "notifications/app/messages.h"
#include "notifications/store/book.sql.h"
#include "notifications/store/messages.sql.h"
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

// The message's first attempt is due now, or when quiet hours are over.
void set_timer(events::UnitOfWork& work, const Desk& desk, const MessageId& id, Instant goes_at) {
  if (goes_at > work.now) return timers::Timers::set(work, quiet_timer, id.uuid, goes_at);
  timers::Timers::set(work, mail_timer, id.uuid, desk.system_clock.now());
  work.after_commit.push_back(desk.wake);
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
      .set("location", addressee.location.value_or("the whole account"));
  CHECK_OK(fill(draft));
  const auto mail = TRY(render(occasion.mail, draft.model));
  const Message message{.id = new_id<MessageId>(work.now),
                        .account_id = occasion.account_id,
                        .event_id = occasion.cause.event_id,
                        .template_name = std::string(name(occasion.mail)),
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
  set_timer(work, desk, message.id, draft.goes_at);
  return true;
}

Result<std::optional<Instant>> end_quiet_hours(events::UnitOfWork& work, const Desk& desk, const MessageId& id) {
  set_timer(work, desk, id, work.now);
  return std::optional<Instant>();
}

}  // namespace holdfast::notifications
