#pragma once

#include "runtime/core/uuid.h"
#include "runtime/sql/page.h"

namespace holdfast::notifications {

// Where a page of a list ends.
struct LedgerPlace {
  Uuid id;
};

// Where a ledger begins that is read newest first: before every id there is.
inline LedgerPlace newest() {
  LedgerPlace place;
  place.id.bytes.fill(0xff);
  return place;
}

}  // namespace holdfast::notifications

template <>
struct holdfast::Fields<holdfast::notifications::LedgerPlace> {
  static constexpr auto list = FieldList{Field{"id", &notifications::LedgerPlace::id}};
};
