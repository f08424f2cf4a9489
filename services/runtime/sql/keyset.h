#pragma once

#include <string>
#include <string_view>

#include "runtime/sql/types.h"

// Where a page of a list ended, as the text of a page token: the columns that the list is ordered by, of its last row.
// The token is opaque to callers, but neither signed nor bound to the filter that it was made under: with another it
// names the same place in that list, and whoever makes one up sees no row that the list would not show.
namespace holdfast::sql {

namespace keyset {

std::string to_hex(std::string_view bytes);
Result<std::string> from_hex(std::string_view text);
Error invalid();

// Whether PostgreSQL can be asked about an encoded value, for a token that somebody made up may say anything: texts are
// UTF-8 without U+0000, days and instants lie in the years 1 to 9999.
bool is_askable_text(std::string_view encoded);
bool is_askable_instant(std::string_view encoded);
bool is_askable_date(std::string_view encoded);

template <class T>
bool is_askable(std::string_view encoded) {
  if constexpr (std::is_same_v<T, std::string>) return is_askable_text(encoded);
  if constexpr (std::is_same_v<T, Instant>) return is_askable_instant(encoded);
  if constexpr (std::is_same_v<T, Date>) return is_askable_date(encoded);
  return true;
}

template <class T>
void put(const T& value, std::string& out) {
  if constexpr (HasFields<T>) {
    for_each_field(value, [&](const char*, const auto& member) { put(member, out); });
  } else {
    std::string encoded;
    Value<T>::encode(value, encoded);
    binary::put(out, static_cast<std::int32_t>(encoded.size()));
    out += encoded;
  }
}

template <class T>
bool get(std::string_view& bytes, T& value) {
  if constexpr (HasFields<T>) {
    bool complete = true;
    for_each_field(value, [&](const char*, auto& member) { complete = complete && get(bytes, member); });
    return complete;
  } else {
    if (bytes.size() < 4) return false;
    const auto size = *binary::get<std::int32_t>(bytes.substr(0, 4));
    bytes.remove_prefix(4);
    if (size < 0 || bytes.size() < static_cast<size_t>(size)) return false;
    const auto encoded = bytes.substr(0, static_cast<size_t>(size));
    if (!is_askable<T>(encoded)) return false;
    auto decoded = Value<T>::decode(encoded);
    if (!decoded) return false;
    value = *std::move(decoded);
    bytes.remove_prefix(static_cast<size_t>(size));
    return true;
  }
}

}  // namespace keyset

template <HasFields Place>
std::string token_of(const Place& place) {
  std::string bytes;
  keyset::put(place, bytes);
  return keyset::to_hex(bytes);
}

// PAGE_TOKEN_INVALID when it is not the token of such a place.
template <HasFields Place>
Result<Place> place_of(std::string_view token) {
  const auto bytes = TRY(keyset::from_hex(token));
  std::string_view rest = bytes;
  Place place{};
  if (!keyset::get(rest, place) || !rest.empty()) return keyset::invalid();
  return place;
}

}  // namespace holdfast::sql
