#pragma once

#include "runtime/sql/types.h"
#include "runtime/timers/timers.h"

namespace holdfast::timers {

// A row of runtime.timers that this transaction has locked.
struct Claimed {
  AgencyId agency;
  Uuid subject;
  Instant next_due;
  std::int32_t attempts;
};

// The earliest instant of a kind.
struct Earliest {
  std::string kind;
  Instant next_due;
};

}  // namespace holdfast::timers

template <>
struct holdfast::Fields<holdfast::timers::Claimed> {
  using Claimed = timers::Claimed;
  static constexpr auto list = std::tuple{Field{"agency_id", &Claimed::agency}, Field{"subject_id", &Claimed::subject},
                                          Field{"next_due", &Claimed::next_due}, Field{"attempts", &Claimed::attempts}};
};

template <>
struct holdfast::Fields<holdfast::timers::Earliest> {
  using Earliest = timers::Earliest;
  static constexpr auto list = std::tuple{Field{"kind", &Earliest::kind}, Field{"next_due", &Earliest::next_due}};
};

template <>
struct holdfast::Fields<holdfast::timers::Backlog> {
  using Backlog = timers::Backlog;
  static constexpr auto list =
      std::tuple{Field{"kind", &Backlog::kind}, Field{"due", &Backlog::due},
                 Field{"late_seconds", &Backlog::late_seconds}, Field{"failing", &Backlog::failing}};
};
