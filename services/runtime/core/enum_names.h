#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <type_traits>

namespace holdfast {

// The names of an enumeration's values, in order, as they stand in the database, in files and on the wire:
//   template <> inline constexpr auto enum_names<Status> = std::to_array<std::string_view>({"open", "closed"});
template <class E>
inline constexpr auto enum_names = nullptr;

template <class E>
concept NamedEnum = std::is_enum_v<E> && requires {
  enum_names<E>.size();
};

template <NamedEnum E>
std::string_view to_string(E value) {
  return enum_names<E>.at(static_cast<size_t>(value));
}

template <NamedEnum E>
std::optional<E> parse_enum(std::string_view name) {
  for (size_t index = 0; index < enum_names<E>.size(); ++index) {
    if (enum_names<E>[index] == name) return static_cast<E>(index);
  }
  return std::nullopt;
}

}  // namespace holdfast
