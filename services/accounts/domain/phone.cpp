#include "accounts/domain/phone.h"

#include <phonenumbers/phonenumberutil.h>

#include "accounts/domain/text.h"

namespace holdfast::accounts {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

constexpr size_t longest = 250;  // what libphonenumber looks at

}  // namespace

Result<Phone> parse_phone(std::string_view text) {
  static const PhoneNumberUtil& util = *PhoneNumberUtil::GetInstance();
  PhoneNumber number;
  if (text.size() > longest || util.Parse(std::string(text), "US", &number) != PhoneNumberUtil::NO_PARSING_ERROR) {
    return fail(Reason::phone_invalid, "is no telephone number");
  }
  switch (util.IsPossibleNumberWithReason(number)) {
    case PhoneNumberUtil::IS_POSSIBLE:
      break;
    case PhoneNumberUtil::IS_POSSIBLE_LOCAL_ONLY:
      return fail(Reason::phone_incomplete, "has no area code");
    default:
      return fail(Reason::phone_invalid, "is no telephone number");
  }
  Phone phone;
  util.Format(number, PhoneNumberUtil::E164, &phone.e164);
  phone.extension = number.extension();
  return phone;
}

std::string format_phone(const Phone& phone) {
  return phone.extension.empty() ? phone.e164 : phone.e164 + ";ext=" + phone.extension;
}

Result<std::string> read_phone(const char* field, std::string_view text) {
  const auto written = clean(text);
  if (written.empty()) return written;
  const auto phone = parse_phone(written);
  if (!phone) return fail(phone.error().reason, field, phone.error().message);
  return format_phone(*phone);
}

}  // namespace holdfast::accounts
