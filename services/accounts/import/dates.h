#pragma once

#include <string_view>

#include "accounts/import/mapping.h"
#include "accounts/import/table.h"
#include "runtime/core/time.h"

namespace holdfast::accounts::import_book {

struct DateRules {
  DateOrder order = DateOrder::month_first;
  Date serial_zero = serial_zero_1900;
  int last_year_of_2000s = 69;
};

struct DateReading {
  enum class Kind {
    date,
    imprecise,  // a year alone, or a month: no day to be had
    invalid,
  };
  Kind kind = Kind::invalid;
  Date date{};
};

// A date in any of the ways of a spreadsheet: a date cell, a bare serial number, 3/1/26, 03/01/2026, 2026-03-01,
// 20260301, Mar 1, 2026, 1-Mar-26, 1st March 2026, each with or without a time of day, which is ignored. Years 1900 to
// 2200. A year alone is not the serial number of a day in 1905. Nothing is guessed: 13/4/2026 is no date where the
// month leads.
DateReading read_date(const Cell& cell, const DateRules& rules);

// Which order a date in numbers speaks for: +1 month first, -1 day first, 0 either or none.
int order_vote(std::string_view text);

// R27: the day `months` later, the day clamped to the month's end.
Date plus_months(Date date, int months);

}  // namespace holdfast::accounts::import_book
