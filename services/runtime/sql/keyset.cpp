#include "runtime/sql/keyset.h"

namespace holdfast::sql::keyset {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

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

Error invalid() { return fail(Reason::page_token_invalid, "page_token", "is not one of this list"); }

}  // namespace holdfast::sql::keyset
