#include "runtime/sql/keyset.h"

#include "runtime/core/utf8.h"

namespace holdfast::sql::keyset {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

constexpr std::chrono::sys_days first_day{std::chrono::year{1} / 1 / 1};
constexpr std::chrono::sys_days end_of_days{std::chrono::year{10000} / 1 / 1};

// In PostgreSQL's count, which ours need not be able to hold.
template <class Number, class Unit>
bool is_within_days(std::string_view encoded) {
  const auto count = binary::get<Number>(encoded);
  return count && *count >= Unit(first_day - binary::epoch).count() &&
         *count < Unit(end_of_days - binary::epoch).count();
}

}  // namespace

std::string to_hex(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text += digits[value >> 4];
    text += digits[value & 15];
  }
  return text;
}

Result<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return invalid();
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (size_t index = 0; index < text.size(); index += 2) {
    const auto high = digits.find(text[index]);
    const auto low = digits.find(text[index + 1]);
    if (high == digits.npos || low == digits.npos) return invalid();
    bytes += static_cast<char>(high << 4 | low);
  }
  return bytes;
}

bool is_askable_text(std::string_view encoded) { return is_utf8(encoded) && encoded.find('\0') == encoded.npos; }
bool is_askable_instant(std::string_view encoded) { return is_within_days<std::int64_t, Duration>(encoded); }
bool is_askable_date(std::string_view encoded) { return is_within_days<std::int32_t, std::chrono::days>(encoded); }

Error invalid() { return fail(Reason::page_token_invalid, "page_token", "is not one of this list"); }

}  // namespace holdfast::sql::keyset
