#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::simulation {

// PostgreSQL's binary format, as far as our statements use it.
using Cell = std::optional<std::string>;
using Row = std::vector<Cell>;

inline std::int64_t integer_of(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return bytes.size() == 4 ? static_cast<std::int32_t>(value) : static_cast<std::int64_t>(value);
}

inline std::string bytes_of(std::int64_t value, int size = 8) {
  std::string bytes(static_cast<size_t>(size), '\0');
  for (int place = size - 1; place >= 0; --place, value >>= 8)
    bytes[static_cast<size_t>(place)] = static_cast<char>(value);
  return bytes;
}

inline std::string double_bytes(double value) {
  std::int64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bytes_of(bits);
}

// Of one dimension, without nulls.
inline std::vector<std::string> elements_of(std::string_view array) {
  std::vector<std::string> elements;
  if (integer_of(array.substr(0, 4)) == 0) return elements;
  const auto count = integer_of(array.substr(12, 4));
  size_t at = 20;
  for (std::int64_t index = 0; index < count; ++index) {
    const auto size = static_cast<size_t>(integer_of(array.substr(at, 4)));
    elements.emplace_back(array.substr(at + 4, size));
    at += 4 + size;
  }
  return elements;
}

}  // namespace holdfast::simulation
