#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "runtime/core/enum_names.h"
#include "runtime/core/fields.h"
#include "runtime/core/time.h"
#include "runtime/core/uuid.h"

// How C++ types travel to and from PostgreSQL: always in its binary format, so that nothing is parsed twice and a
// parameter of the wrong type is refused instead of cast.
namespace holdfast::sql {

using TypeOid = unsigned int;  // PostgreSQL's Oid, without its header

// bytea; std::string is text.
struct Bytes {
  std::string data;

  bool operator==(const Bytes&) const = default;
};

// jsonb, as text.
struct Json {
  std::string text;
};

namespace binary {

template <class Number>
void put(std::string& out, Number number) {
  auto bytes = std::bit_cast<std::array<char, sizeof(Number)>>(number);
  if constexpr (std::endian::native == std::endian::little) std::ranges::reverse(bytes);
  out.append(bytes.data(), bytes.size());
}

// Nothing when it has another width.
template <class Number>
std::optional<Number> get(std::string_view data) {
  std::array<char, sizeof(Number)> bytes;
  if (data.size() != bytes.size()) return std::nullopt;
  std::memcpy(bytes.data(), data.data(), bytes.size());
  if constexpr (std::endian::native == std::endian::little) std::ranges::reverse(bytes);
  return std::bit_cast<Number>(bytes);
}

// PostgreSQL counts from 2000-01-01.
inline constexpr auto epoch = std::chrono::sys_days{std::chrono::year{2000} / 1 / 1};

}  // namespace binary

// Value<T>: T's PostgreSQL type, that of its array, and both directions. Specialised for all that a column may hold.
// What `decode` does not understand it refuses, and the row with it: a default in its place would be written back.
template <class T>
struct Value;

template <>
struct Value<bool> {
  static constexpr TypeOid oid = 16, array_oid = 1000;
  static void encode(bool value, std::string& out) { out += static_cast<char>(value); }
  static std::optional<bool> decode(std::string_view data) {
    return data.size() == 1 ? std::optional(data[0] != 0) : std::nullopt;
  }
};

template <>
struct Value<std::int32_t> {
  static constexpr TypeOid oid = 23, array_oid = 1007;
  static void encode(std::int32_t value, std::string& out) { binary::put(out, value); }
  static std::optional<std::int32_t> decode(std::string_view data) { return binary::get<std::int32_t>(data); }
};

template <>
struct Value<std::int64_t> {
  static constexpr TypeOid oid = 20, array_oid = 1016;
  static void encode(std::int64_t value, std::string& out) { binary::put(out, value); }
  static std::optional<std::int64_t> decode(std::string_view data) { return binary::get<std::int64_t>(data); }
};

template <>
struct Value<double> {
  static constexpr TypeOid oid = 701, array_oid = 1022;
  static void encode(double value, std::string& out) { binary::put(out, value); }
  static std::optional<double> decode(std::string_view data) { return binary::get<double>(data); }
};

template <>
struct Value<std::string> {
  static constexpr TypeOid oid = 25, array_oid = 1009;
  static void encode(std::string_view value, std::string& out) { out += value; }
  static std::optional<std::string> decode(std::string_view data) { return std::string(data); }
};

template <>
struct Value<std::string_view> : Value<std::string> {};

template <>
struct Value<Bytes> {
  static constexpr TypeOid oid = 17, array_oid = 1001;
  static void encode(const Bytes& value, std::string& out) { out += value.data; }
  static std::optional<Bytes> decode(std::string_view data) { return Bytes{std::string(data)}; }
};

template <>
struct Value<Json> {
  static constexpr TypeOid oid = 3802, array_oid = 3807;
  static constexpr char version = 1;
  static void encode(const Json& value, std::string& out) { (out += version) += value.text; }
  static std::optional<Json> decode(std::string_view data) {
    if (data.empty() || data[0] != version) return std::nullopt;
    return Json{std::string(data.substr(1))};
  }
};

template <>
struct Value<Uuid> {
  static constexpr TypeOid oid = 2950, array_oid = 2951;
  static void encode(const Uuid& value, std::string& out) {
    out.append(reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size());
  }
  static std::optional<Uuid> decode(std::string_view data) {
    Uuid value;
    if (data.size() != value.bytes.size()) return std::nullopt;
    std::memcpy(value.bytes.data(), data.data(), data.size());
    return value;
  }
};

template <class Tag>
struct Value<Id<Tag>> {
  static constexpr TypeOid oid = 2950, array_oid = 2951;
  static void encode(const Id<Tag>& value, std::string& out) { Value<Uuid>::encode(value.uuid, out); }
  static std::optional<Id<Tag>> decode(std::string_view data) {
    const auto uuid = Value<Uuid>::decode(data);
    return uuid ? std::optional(Id<Tag>{*uuid}) : std::nullopt;
  }
};

template <>
struct Value<Instant> {
  static constexpr TypeOid oid = 1184, array_oid = 1185;
  static void encode(Instant value, std::string& out) {
    binary::put(out, std::int64_t{(value - binary::epoch).count()});
  }
  static std::optional<Instant> decode(std::string_view data) {
    using Limits = std::numeric_limits<std::int64_t>;
    const auto since_epoch = binary::get<std::int64_t>(data);
    // The ends of the range are PostgreSQL's infinities.
    if (!since_epoch || *since_epoch == Limits::min() || *since_epoch == Limits::max()) return std::nullopt;
    return binary::epoch + Duration{*since_epoch};
  }
};

template <>
struct Value<Date> {
  static constexpr TypeOid oid = 1082, array_oid = 1182;
  static constexpr auto offset = binary::epoch.time_since_epoch();
  static void encode(Date value, std::string& out) {
    binary::put(out, static_cast<std::int32_t>((value.time_since_epoch() - offset).count()));
  }
  static std::optional<Date> decode(std::string_view data) {
    using Limits = std::numeric_limits<std::int32_t>;
    const auto since_epoch = binary::get<std::int32_t>(data);
    if (!since_epoch || *since_epoch == Limits::min() || *since_epoch == Limits::max()) return std::nullopt;
    return Date{offset + std::chrono::days{*since_epoch}};
  }
};

// An enumeration is text in the database, by the names it declares.
template <NamedEnum E>
struct Value<E> {
  static constexpr TypeOid oid = 25, array_oid = 1009;
  static void encode(E value, std::string& out) { out += to_string(value); }
  // A name that this program does not know can only come from a newer one.
  static std::optional<E> decode(std::string_view data) { return parse_enum<E>(data); }
};

// One-dimensional arrays without nulls.
template <class T>
struct Value<std::vector<T>> {
  static constexpr TypeOid oid = Value<T>::array_oid, array_oid = 0;
  static void encode(const std::vector<T>& values, std::string& out) {
    binary::put<std::int32_t>(out, values.empty() ? 0 : 1);
    binary::put<std::int32_t>(out, 0);
    binary::put<std::int32_t>(out, static_cast<std::int32_t>(Value<T>::oid));
    if (values.empty()) return;
    binary::put(out, static_cast<std::int32_t>(values.size()));
    binary::put<std::int32_t>(out, 1);
    for (const auto& value : values) {
      std::string element;
      Value<T>::encode(value, element);
      binary::put(out, static_cast<std::int32_t>(element.size()));
      out += element;
    }
  }
  static std::optional<std::vector<T>> decode(std::string_view data) {
    const auto number = [&] {  // the next of those that the format consists of; -1, which none may be, past the end
      const auto read = binary::get<std::int32_t>(data.substr(0, 4));
      data.remove_prefix(std::min<size_t>(4, data.size()));
      return read.value_or(-1);
    };
    const auto dimensions = number();
    number();  // whether there are nulls, which their size of -1 says again
    if (number() != static_cast<std::int32_t>(Value<T>::oid) || dimensions < 0 || dimensions > 1) return std::nullopt;
    std::vector<T> values;
    if (dimensions == 1) {
      const auto count = number();
      number();  // the first index
      for (std::int32_t index = 0; index < count; ++index) {
        const auto size = number();
        if (size < 0 || static_cast<size_t>(size) > data.size()) return std::nullopt;
        auto value = Value<T>::decode(data.substr(0, static_cast<size_t>(size)));
        if (!value) return std::nullopt;
        values.push_back(*std::move(value));
        data.remove_prefix(static_cast<size_t>(size));
      }
    }
    return data.empty() ? std::optional(std::move(values)) : std::nullopt;
  }
};

// A column that a statement must return, or a parameter that it must take.
struct Column {
  std::string name;
  TypeOid type;
};

// The columns of a T in order, named as its fields (Fields<T>): a nested struct spreads over several, with its name in
// front ("price_minor", "price_currency").
template <class T>
void append_columns(std::vector<Column>& columns, const std::string& name) {
  if constexpr (HasFields<T>) {
    const auto prefix = name.empty() ? name : name + "_";
    fields_of<T>().apply(
        [&]<class... M>(const Field<T, M>&... field) { (append_columns<M>(columns, prefix + field.name), ...); });
  } else if constexpr (is_optional<T>::value) {
    append_columns<typename T::value_type>(columns, name);
  } else {
    columns.push_back({name, Value<T>::oid});
  }
}

}  // namespace holdfast::sql
