#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "runtime/core/time.h"

namespace holdfast {

struct Holiday {
  Date date;
  std::string_view name;  // ends in "(observed)" for the Friday or Monday that stands in for a weekend day

  bool operator==(const Holiday&) const = default;
};

// The federal holidays of the United States by rule (5 U.S.C. 6103), in order of date, for 1995 to 2045. Outside of
// those years there are none: nobody knows which days a later Congress adds. Any thread.
std::span<const Holiday> us_federal_holidays();
std::optional<std::string_view> us_federal_holiday(Date date);

// Monday to Friday and no federal holiday.
bool is_business_day(Date date);

// The latest business day with at least `count` business days after it up to and including `end`. An `end` that is no
// business day counts as the one before it; count 0 gives the last business day up to and including `end`.
// One step a day: keep count under a few thousand.
Date business_day_before(Date end, int count);
// The `count`-th business day after `date` (count >= 1).
Date business_day_after(Date date, int count);

}  // namespace holdfast
