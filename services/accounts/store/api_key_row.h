#pragma once

#include <string>
#include <vector>

#include "runtime/core/fields.h"
#include "runtime/core/uuid.h"
#include "runtime/sql/types.h"

namespace holdfast::accounts {

// A key that works, as find_api_key gives it.
struct ApiKeyRow {
  AgencyId agency_id;
  sql::Bytes secret_hash;
  std::vector<std::string> permissions;
};

}  // namespace holdfast::accounts

template <>
struct holdfast::Fields<holdfast::accounts::ApiKeyRow> {
  using T = accounts::ApiKeyRow;
  static constexpr auto list = FieldList{Field{"agency_id", &T::agency_id}, Field{"secret_hash", &T::secret_hash},
                                         Field{"permissions", &T::permissions}};
};
