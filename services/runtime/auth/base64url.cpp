#include "runtime/auth/base64url.h"

#include <array>
#include <cstdint>

namespace holdfast::auth {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t not_a_digit = 0xff;

constexpr auto digits = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(not_a_digit);
  for (size_t value = 0; value < alphabet.size(); ++value) {
    table[static_cast<std::uint8_t>(alphabet[value])] = static_cast<std::uint8_t>(value);
  }
  return table;
}();

}  // namespace

std::string to_base64url(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t pending = 0;
  int pending_bits = 0;
  for (const char byte : bytes) {
    pending = (pending << 8) | static_cast<std::uint8_t>(byte);
    for (pending_bits += 8; pending_bits >= 6;) {
      pending_bits -= 6;
      text += alphabet[(pending >> pending_bits) & 63];
    }
  }
  if (pending_bits > 0) text += alphabet[(pending << (6 - pending_bits)) & 63];
  return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t pending = 0;
  int pending_bits = 0;
  for (const char character : text) {
    const std::uint8_t digit = digits[static_cast<std::uint8_t>(character)];
    if (digit == not_a_digit) return std::nullopt;
    pending = (pending << 6) | digit;
    pending_bits += 6;
    if (pending_bits >= 8) {
      pending_bits -= 8;
      bytes += static_cast<char>((pending >> pending_bits) & 0xff);
    }
  }
  // The bits left over belong to no byte; were they free, several texts would decode to the same bytes.
  if ((pending & ((1U << pending_bits) - 1)) != 0) return std::nullopt;
  return bytes;
}

}  // namespace holdfast::auth
