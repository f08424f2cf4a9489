#pragma once

#include <string>

#include "runtime/core/fields.h"
#include "runtime/sql/types.h"

namespace holdfast::accounts {

// A sealed secret, as load_sealed gives it.
struct SealedRow {
  std::string key_id;
  sql::Bytes sealed;
};

}  // namespace holdfast::accounts

template <>
struct holdfast::Fields<holdfast::accounts::SealedRow> {
  using T = accounts::SealedRow;
  static constexpr auto list = FieldList{Field{"key_id", &T::key_id}, Field{"sealed", &T::sealed}};
};
