#include "notifications/app/messages.h"
#include "notifications/store/book.sql.h"
#include "notifications/store/messages.sql.h"
#include "runtime/timers/timers.h"

namespace holdfast::notifications {
namespace {

Result<Addressee> load_addressee(events::UnitOfWork& work, const Occasion& occasion) {
  auto addressee =
      TRY((work.transaction.maybe<Addressee>(statements::load_addressee, occasion.account_id, occasion.location_id)));
  if (!addressee) {
    return fail(Reason::account_not_found, "account_id", "no account " + to_string(occasion.account_id) + " is known");
  }
  if (occasion.location_id && !addressee->location) {
    return fail(Reason::location_not_found, "location_id",
                "no location " + to_string(*occasion.location_id) + " is known");
  }
  return *std::move(addressee);
}

}  // namespace

Result<> tell_owner(events::UnitOfWork& work, const Desk& desk, const Occasion& occasion, const FillModel& fill) {
  const auto addressee = TRY(load_addressee(work, occasion));
  const auto zone = TRY(parse_zone(addressee.time_zone));
  MailModel model(zone);
  model.set("agency", addressee.agency).set("account", addressee.account).set("name", addressee.name);
  fill(model, addressee);
  const auto mail = TRY(render(occasion.mail, model));
  const auto send_at = may_send_from(desk.system_clock.now(), zone, QuietHours(), occasion.urgency);
  const Message message{.id = new_id<MessageId>(work.now),
                        .account_id = occasion.account_id,
                        .event_id = occasion.cause.event_id,
                        .template_name = std::string(name(occasion.mail)),
                        .recipient_id = addressee.id,
                        .recipient_name = addressee.name,
                        .recipient_address = addressee.email,
                        .subject = mail.subject,
                        .text = mail.text,
                        .next_attempt_at = send_at,
                        .created_at = work.now};
  const auto calendar = std::string();
  const auto written =
      TRY(work.transaction.exec(statements::insert_message, work.agency(), message, mail.html, calendar));
  if (written == 0) return {};
  timers::Timers::set(work, mail_timer, message.id.uuid, send_at);
  work.after_commit.push_back(desk.wake);
  return {};
}

}  // namespace holdfast::notifications
