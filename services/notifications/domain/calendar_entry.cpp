#include "notifications/domain/calendar_entry.h"

#include <fmt/format.h>

namespace holdfast::notifications {

std::string uid(const CalendarEntry& entry) {
  return fmt::format("{}-term-{}@holdfast", to_string(entry.contract_id), entry.term_number);
}

CalendarEntry reminded(const std::optional<CalendarEntry>& before, CalendarEntry first) {
  if (!before) return first;
  const bool as_it_was = before->day == first.day && !before->cancelled;
  first.sequence = before->sequence + (as_it_was ? 0 : 1);
  return first;
}

std::optional<CalendarEntry> followed(CalendarEntry entry, const Contract& contract) {
  const bool of_this_term = contract.current_term && contract.current_term->number == entry.term_number;
  const auto day = of_this_term ? open_deadline(contract) : std::nullopt;
  if (day == entry.day) return std::nullopt;
  ++entry.sequence;
  entry.cancelled = !day.has_value();
  if (day) entry.day = *day;
  return entry;
}

}  // namespace holdfast::notifications
