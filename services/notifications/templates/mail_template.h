#pragma once

#include <string>
#include <string_view>

#include "notifications/templates/mail_model.h"
#include "runtime/core/enum_names.h"
#include "runtime/core/result.h"

namespace holdfast::notifications {

// The mails that we send: the closed list of mails.def.
enum class MailTemplate {
#define MAIL(name) name,
#include "notifications/templates/mails.def"
#undef MAIL
};

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

template <>
inline constexpr auto holdfast::enum_names<holdfast::notifications::MailTemplate> = std::to_array<std::string_view>({
#define MAIL(name) #name,
#include "notifications/templates/mails.def"
#undef MAIL
});
