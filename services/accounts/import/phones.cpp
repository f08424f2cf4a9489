#include "accounts/import/phones.h"

#include <algorithm>
#include <vector>

#include "accounts/import/text.h"

namespace holdfast::accounts::import_book {
namespace {

constexpr std::size_t remembered = 100'000;

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
  const auto phone = parse_phone(text);
  if (phone) return {PhoneReading::Kind::phone, *phone};
  const bool incomplete = phone.error().reason == Reason::phone_incomplete;
  return {incomplete ? PhoneReading::Kind::incomplete : PhoneReading::Kind::invalid, {}};
}

}  // namespace

PhoneReading PhoneReader::read(std::string_view text) {
  const std::string key(text);
  if (const auto found = seen_.find(key); found != seen_.end()) return found->second;
  const auto parts = split(text);
  auto reading = parse(parts.front());
  if (parts.size() > 1 && reading.kind == PhoneReading::Kind::phone) reading.kind = PhoneReading::Kind::several;
  if (seen_.size() < remembered) seen_.emplace(key, reading);
  return reading;
}

}  // namespace holdfast::accounts::import_book
