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

  // A struct with a Row adds as many parameters as it has columns.
  template <class T>
  void add(const T& value) {
    if constexpr (RowType<T>) {
      std::apply([&](auto... member) { (add(value.*member), ...); }, Row<T>::members);
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
    append_oids<T>(oids_);
    values_.resize(oids_.size());
  }

  std::vector<std::optional<std::string>> values_;
  std::vector<TypeOid> oids_;
};

}  // namespace holdfast::sql
