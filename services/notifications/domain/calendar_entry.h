#pragma once

#include <optional>
#include <string>

#include "notifications/domain/contract.h"

namespace holdfast::notifications {

// What somebody was given for their calendar: the notice deadline of one term of a contract.
struct CalendarEntry {
  ContractId contract_id;
  std::int32_t term_number = 0;
  StaffId recipient_id;
  std::int32_t sequence = 0;  // one more with each change
  Date day;
  bool cancelled = false;

  bool operator==(const CalendarEntry&) const = default;
};

// "<contract>-term-3@holdfast": the same for all who have the entry, and through all its changes.
std::string uid(const CalendarEntry& entry);

// The entry as it is handed out with a reminder of `day`, new or once more. What is said again as it was keeps its
// sequence.
CalendarEntry reminded(const std::optional<CalendarEntry>& before, CalendarEntry first);

// What becomes of an entry that stands, when its contract has changed; nothing when it stands as it is. An entry of
// another term than the running one is off: an amendment has begun anew.
std::optional<CalendarEntry> followed(CalendarEntry entry, const Contract& contract);

}  // namespace holdfast::notifications

template <>
struct holdfast::Fields<holdfast::notifications::CalendarEntry> {
  using T = notifications::CalendarEntry;
  static constexpr auto list = FieldList{Field{"contract_id", &T::contract_id},
                                         Field{"term_number", &T::term_number},
                                         Field{"recipient_id", &T::recipient_id},
                                         Field{"sequence", &T::sequence},
                                         Field{"day", &T::day},
                                         Field{"cancelled", &T::cancelled}};
};
