#include "notifications/sending/mailer.h"

#include "notifications/sending/random.h"
#include "runtime/core/mutant.h"
#include "runtime/log/log.h"

namespace holdfast::notifications {
Result<std::unique_ptr<Mailer>> Mailer::start(events::Transactor& transactor, const Clock& system_clock,
                                              timers::Timers& timers, const Options& options) {
  std::unique_ptr<Mailer> mailer(new Mailer(transactor, system_clock, timers, options));
  for (int worker = 0; worker < options.workers; ++worker) {
    auto sender = std::make_shared<MailSender>(TRY(MailSender::create(options.server)));
    mailer->workers_.add([mailer = mailer.get(), sender](const ClaimedMail& mail) { mailer->send(*sender, mail); });
  }
  timers.on_slice(
      std::string(mail_timer), [mailer = mailer.get()](std::span<timers::Firing> slice) { return mailer->fire(slice); },
      [mailer = mailer.get()] { return mailer->workers_.free(); });
  return mailer;
}

Result<> Mailer::fire(std::span<timers::Firing> slice) {
  const auto now = clock_.now();
  const auto lease_until = now + options_.server.total_timeout_ms + 2 * record_patience;
  for (auto& firing : slice) {
    firing.unit.transaction.set_agencies({firing.unit.agency()});
    auto claimed = TRY(claim_mail(firing.unit, MessageId{firing.subject}, lease_until));
    if (!claimed) continue;
    if (mutant("mail.recorded_before_sent")) {
      CHECK_OK(record_mail(firing.unit, claimed->message, {MailOutcome::Kind::sent}, now, random_fraction));
    }
    firing.next_due = lease_until;
    firing.unit.after_commit.push_back([this, mail = *std::move(claimed)] { workers_.give(mail); });
  }
  return {};
}

MailMessage Mailer::compose(const ClaimedMail& mail) const {
  MailMessage message{.id = mail.message.id.uuid,
                      .from = options_.from,
                      .to = {mail.message.recipient_name, mail.message.recipient_address},
                      .subject = mail.message.subject,
                      .text = mail.message.text,
                      .html = mail.html};
  if (!mail.calendar.empty()) {
    message.attachments.push_back({"deadline.ics", "text/calendar; charset=utf-8; method=PUBLISH", mail.calendar});
  }
  return message;
}

// On a worker's thread.
void Mailer::send(MailSender& sender, const ClaimedMail& mail) {
  const auto outcome = sender.send(compose(mail), clock_.now());
  const auto call = service_call(mail.agency, "notifications.mailer", record_patience);
  const log::Scope scope(call);
  const auto recorded = transactor_.run(call, [&](events::UnitOfWork& work) {
    return record_mail(work, mail.message, outcome, clock_.now(), random_fraction);
  });
  const bool sent = outcome.kind == MailOutcome::Kind::sent;
  ++(sent ? sent_ : failed_);
  if (!sent) {
    log::warn("a mail was not taken", {{"message_id", to_string(mail.message.id)},
                                       {"attempt", mail.message.attempts},
                                       {"status", outcome.status},
                                       {"reply", outcome.detail}});
  }
  if (!recorded) {
    log::error("what became of a mail was not recorded: it will be sent again with the same Message-ID",
               {{"message_id", to_string(mail.message.id)}, {"error", describe(recorded.error())}});
  }
}

}  // namespace holdfast::notifications
