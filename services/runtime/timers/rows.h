#pragma once

#include "runtime/sql/types.h"
#include "runtime/timers/timers.h"

namespace holdfast::timers {

// Where a row lies. As long as this transaction holds it and does not write it, it stays there.
struct RowPlace {
  std::string bytes;  // of PostgreSQL's tid
};

// A row of runtime.timers that this transaction has locked.
struct Claimed {
  AgencyId agency;
  Uuid subject;
  Instant next_due;
  std::int32_t attempts;
  RowPlace place;
};

// The earliest instant of a kind.
struct Earliest {
  std::string kind;
  Instant next_due;
};

}  // namespace holdfast::timers

template <>
struct holdfast::sql::Value<holdfast::timers::RowPlace> {
  using RowPlace = timers::RowPlace;
  static constexpr TypeOid oid = 27, array_oid = 1010;
  static void encode(const RowPlace& value, std::string& out) { out += value.bytes; }
  static std::optional<RowPlace> decode(std::string_view data) { return RowPlace{std::string(data)}; }
};

template <>
struct holdfast::Fields<holdfast::timers::Claimed> {
  using Claimed = timers::Claimed;
  static constexpr auto list = FieldList{Field{"agency_id", &Claimed::agency}, Field{"subject_id", &Claimed::subject},
                                         Field{"next_due", &Claimed::next_due}, Field{"attempts", &Claimed::attempts},
                                         Field{"place", &Claimed::place}};
};

template <>
struct holdfast::Fields<holdfast::timers::Earliest> {
  using Earliest = timers::Earliest;
  static constexpr auto list = FieldList{Field{"kind", &Earliest::kind}, Field{"next_due", &Earliest::next_due}};
};

template <>
struct holdfast::Fields<holdfast::timers::Backlog> {
  using Backlog = timers::Backlog;
  static constexpr auto list =
      FieldList{Field{"kind", &Backlog::kind}, Field{"due", &Backlog::due},
                Field{"late_seconds", &Backlog::late_seconds}, Field{"failing", &Backlog::failing}};
};
