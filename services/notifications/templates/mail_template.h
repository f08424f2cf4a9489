#pragma once

#include <array>
#include <string>
#include <string_view>

#include "notifications/templates/mail_model.h"
#include "runtime/core/result.h"

namespace holdfast::notifications {

// The mails that we send. Their texts, and the values that each needs, are in mail/<name>.txt and .html.
enum class MailTemplate {
  ticket_opened,
  ticket_resolved,
  sla_warning,
  sla_breached,
  contract_expiring,
  notice_deadline_missed,
  contract_rolled,
  contract_auto_renewed,
  contract_expired,
  deadline_moved,
  deadline_settled
};
inline constexpr std::array all_mail_templates = {
    MailTemplate::ticket_opened,   MailTemplate::ticket_resolved,       MailTemplate::sla_warning,
    MailTemplate::sla_breached,    MailTemplate::contract_expiring,     MailTemplate::notice_deadline_missed,
    MailTemplate::contract_rolled, MailTemplate::contract_auto_renewed, MailTemplate::contract_expired,
    MailTemplate::deadline_moved,  MailTemplate::deadline_settled};

// As its files are called: "ticket_opened".
std::string_view name(MailTemplate which);

// What a subject is cut to, at a character's edge: values in it may be long, and a phone shows some 60.
constexpr size_t max_rendered_subject_bytes = 160;

struct RenderedMail {
  std::string subject;  // one line
  std::string text;
  std::string html;  // every value escaped for the place where it stands
};

// Any thread. Refuses with field_required when the model lacks a value or a section that the text asks for: a mail with
// a hole in it is worse than none, and the failed message says which value was missing.
Result<RenderedMail> render(MailTemplate which, const MailModel& model);

}  // namespace holdfast::notifications
