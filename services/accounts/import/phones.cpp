#include "accounts/import/phones.h"

#include <phonenumbers/phonenumberutil.h>

#include <algorithm>
#include <vector>

#include "accounts/import/text.h"

namespace holdfast::accounts::import_book {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

constexpr std::size_t remembered = 100'000;
constexpr std::size_t longest = 250;  // what libphonenumber looks at

std::size_t digits(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; }));
}

// Cuts "617-555-0149 / 617-555-0199 (cell)" where both sides hold enough digits to be numbers. 866/555-0123 is one
// number.
std::vector<std::string_view> split(std::string_view text) {
  for (const std::string_view separator : {";", "\n", " or ", " and ", " & ", " / ", ", ", "|", "/"}) {
    const auto at = text.find(separator);
    if (at == std::string_view::npos) continue;
    const auto before = text.substr(0, at);
    const auto after = text.substr(at + separator.size());
    if (digits(before) < 7 || digits(after) < 7) continue;
    auto parts = split(before);
    for (const auto part : split(after)) parts.push_back(part);
    return parts;
  }
  return {text};
}

PhoneReading parse(std::string_view text) {
  static const PhoneNumberUtil& util = *PhoneNumberUtil::GetInstance();
  PhoneNumber number;
  if (util.Parse(std::string(text), "US", &number) != PhoneNumberUtil::NO_PARSING_ERROR) return {};
  switch (util.IsPossibleNumberWithReason(number)) {
    case PhoneNumberUtil::IS_POSSIBLE:
      break;
    case PhoneNumberUtil::IS_POSSIBLE_LOCAL_ONLY:
      return {PhoneReading::Kind::incomplete, {}};
    default:
      return {};
  }
  PhoneReading reading{PhoneReading::Kind::phone, {}};
  util.Format(number, PhoneNumberUtil::E164, &reading.phone.e164);
  reading.phone.extension = number.extension();
  return reading;
}

}  // namespace

PhoneReading PhoneReader::read(std::string_view text) {
  const std::string key(text);
  if (const auto found = seen_.find(key); found != seen_.end()) return found->second;
  PhoneReading reading;
  if (text.size() <= longest) {
    const auto parts = split(text);
    reading = parse(parts.front());
    if (parts.size() > 1 && reading.kind == PhoneReading::Kind::phone) reading.kind = PhoneReading::Kind::several;
  }
  if (seen_.size() < remembered) seen_.emplace(key, reading);
  return reading;
}

std::string read_email(std::string_view text) {
  std::string address;
  for (const char c : fold(text)) {
    if (c != ' ') address += c;
  }
  if (address.starts_with("mailto:")) address.erase(0, 7);
  if (const auto open = address.find('<'); open != std::string::npos && address.ends_with('>')) {
    address = address.substr(open + 1, address.size() - open - 2);
  }
  const auto at = address.find('@');
  const bool plain = address.find_first_of("\"()<>,;:\\[]`") == std::string::npos;
  if (at == 0 || at == std::string::npos || address.find('@', at + 1) != std::string::npos || !plain) return {};
  const auto domain = std::string_view(address).substr(at + 1);
  const auto dot = domain.rfind('.');
  const bool complete = dot != std::string_view::npos && dot > 0 && dot + 2 < domain.size() &&
                        domain.find("..") == std::string_view::npos && domain.front() != '.' && domain.front() != '-';
  return complete && address.size() <= 254 ? address : std::string();
}

}  // namespace holdfast::accounts::import_book
