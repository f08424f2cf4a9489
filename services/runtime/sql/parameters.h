#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/sql/types.h"

namespace holdfast::sql {

// The encoded arguments of one statement.
class Parameters {
 public:
  template <class... A>
  static Parameters of(const A&... arguments) {
    Parameters parameters;
    parameters.values_.reserve(sizeof...(A));
    (parameters.add(arguments), ...);
    return parameters;
  }

  // A struct with Fields adds as many parameters as it has columns.
  template <class T>
  void add(const T& value) {
    if constexpr (HasFields<T>) {
      for_each_field(value, [&](const char*, const auto& member) { add(member); });
    } else if constexpr (is_optional<T>::value) {
      add_optional(value);
    } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
      add_encoded<std::string_view>(std::string_view(value));
    } else {
      add_encoded<T>(value);
    }
  }

  size_t size() const { return values_.size(); }
  const std::vector<std::optional<std::string>>& values() const { return values_; }
  const std::vector<TypeOid>& oids() const { return oids_; }

 private:
  template <class T>
  void add_encoded(const T& value) {
    std::string encoded;
    Value<T>::encode(value, encoded);
    values_.push_back(std::move(encoded));
    oids_.push_back(Value<T>::oid);
  }

  template <class T>
  void add_optional(const std::optional<T>& value) {
    if (value) return add(*value);
    std::vector<Column> columns;
    append_columns<T>(columns, "");
    for (const auto& column : columns) oids_.push_back(column.type);
    values_.resize(oids_.size());
  }

  std::vector<std::optional<std::string>> values_;
  std::vector<TypeOid> oids_;
};

}  // namespace holdfast::sql
