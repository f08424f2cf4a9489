#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "runtime/sql/types.h"

namespace holdfast::sql {

// Arrays whose elements may be null.
template <class T>
struct Value<std::vector<std::optional<T>>> {
  static constexpr TypeOid oid = Value<T>::array_oid, array_oid = 0;
  static void encode(const std::vector<std::optional<T>>& values, std::string& out) {
    binary::put<std::int32_t>(out, values.empty() ? 0 : 1);
    binary::put<std::int32_t>(out, 1);
    binary::put<std::int32_t>(out, static_cast<std::int32_t>(Value<T>::oid));
    if (values.empty()) return;
    binary::put(out, static_cast<std::int32_t>(values.size()));
    binary::put<std::int32_t>(out, 1);
    std::string element;
    for (const auto& value : values) {
      element.clear();
      if (value) Value<T>::encode(*value, element);
      binary::put(out, value ? static_cast<std::int32_t>(element.size()) : std::int32_t{-1});
      out += element;
    }
  }
};

}  // namespace holdfast::sql

// Many rows as one array a column, for unnest: a thousand rows travel in one statement.
namespace holdfast::accounts {

namespace columns {

// An array as the text of a PostgreSQL array, since arrays of arrays of different lengths do not exist.
template <class Element>
std::string array_text(const std::vector<Element>& elements) {
  std::string text = "{";
  for (const auto& element : elements) text += (text.size() == 1 ? "" : ",") + to_string(element);
  return text + "}";
}

template <class Member, class Row, class Get>
auto column(const std::vector<Row>& rows, Get get) {
  if constexpr (is_vector<Member>::value) {
    std::vector<std::string> texts;
    texts.reserve(rows.size());
    for (const auto& row : rows) texts.push_back(array_text(get(row)));
    return std::tuple{std::move(texts)};
  } else if constexpr (!is_optional<Member>::value) {
    std::vector<Member> values;
    values.reserve(rows.size());
    for (const auto& row : rows) values.push_back(get(row));
    return std::tuple{std::move(values)};
  } else if constexpr (HasFields<typename Member::value_type>) {
    using Whole = typename Member::value_type;
    return fields_of<Whole>().apply([&]<class... M>(const Field<Whole, M>&... field) {
      return std::tuple_cat(column<std::optional<M>>(rows, [&](const Row& row) {
        const auto& whole = get(row);
        return whole ? std::optional<M>((*whole).*(field.member)) : std::optional<M>();
      })...);
    });
  } else {
    std::vector<Member> values;
    values.reserve(rows.size());
    for (const auto& row : rows) values.push_back(get(row));
    return std::tuple{std::move(values)};
  }
}

}  // namespace columns

// The columns of Fields<Row>, in order. Members that are vectors travel as text: cast them, as `::text[]` each.
template <HasFields Row>
auto columns_of(const std::vector<Row>& rows) {
  return fields_of<Row>().apply([&]<class... M>(const Field<Row, M>&... field) {
    return std::tuple_cat(columns::column<M>(rows, [&](const Row& row) -> const M& { return row.*(field.member); })...);
  });
}

}  // namespace holdfast::accounts
