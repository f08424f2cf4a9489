#pragma once

#include <algorithm>

#include "runtime/core/time.h"

namespace holdfast {

// R27: the same day of the month, `months` (of either sign) away, clamped to the last day that month has.
// 2025-01-31 + 1 = 2025-02-28. Clamping forgets the day: count from the first date, never from a clamped one.
inline Date add_months(Date date, int months) {
  using namespace std::chrono;
  const year_month_day parts{date};
  const year_month month = parts.year() / parts.month() + std::chrono::months{months};
  const year_month_day_last last{month.year(), month.month() / std::chrono::last};
  return local_days{month / std::min(parts.day(), last.day())};
}

}  // namespace holdfast
