#include "runtime/calendar/business_days.h"

#include <algorithm>
#include <vector>

namespace holdfast {
namespace {

using namespace std::chrono;

constexpr int first_year = 1995;
constexpr int last_year = 2045;
constexpr int juneteenth_since = 2021;

struct FixedHoliday {
  month_day day;
  int since;
  std::string_view name;
  std::string_view observed_name;
};

constexpr FixedHoliday fixed_holidays[] = {
    {January / 1, first_year, "New Year's Day", "New Year's Day (observed)"},
    {June / 19, juneteenth_since, "Juneteenth National Independence Day",
     "Juneteenth National Independence Day (observed)"},
    {July / 4, first_year, "Independence Day", "Independence Day (observed)"},
    {November / 11, first_year, "Veterans Day", "Veterans Day (observed)"},
    {December / 25, first_year, "Christmas Day", "Christmas Day (observed)"},
};

// A Saturday is observed on the Friday before, a Sunday on the Monday after.
void add_fixed(std::vector<Holiday>& holidays, int year_number) {
  for (const auto& rule : fixed_holidays) {
    if (year_number < rule.since) continue;
    const Date date = local_days{year{year_number} / rule.day.month() / rule.day.day()};
    holidays.push_back({date, rule.name});
    if (weekday{date} == Saturday) holidays.push_back({date - days{1}, rule.observed_name});
    if (weekday{date} == Sunday) holidays.push_back({date + days{1}, rule.observed_name});
  }
}

void add_moving(std::vector<Holiday>& holidays, int year_number) {
  const year y{year_number};
  holidays.push_back({local_days{y / January / Monday[3]}, "Martin Luther King Jr. Day"});
  holidays.push_back({local_days{y / February / Monday[3]}, "Washington's Birthday"});
  holidays.push_back({local_days{y / May / Monday[last]}, "Memorial Day"});
  holidays.push_back({local_days{y / September / Monday[1]}, "Labor Day"});
  holidays.push_back({local_days{y / October / Monday[2]}, "Columbus Day"});
  holidays.push_back({local_days{y / November / Thursday[4]}, "Thanksgiving Day"});
}

std::vector<Holiday> all_holidays() {
  std::vector<Holiday> holidays;
  // One year more: its New Year's Day may be observed on the last Friday of ours.
  for (int year_number = first_year; year_number <= last_year + 1; ++year_number) {
    add_fixed(holidays, year_number);
    add_moving(holidays, year_number);
  }
  std::erase_if(holidays, [](const Holiday& holiday) { return year_month_day{holiday.date}.year() > year{last_year}; });
  std::ranges::sort(holidays, {}, &Holiday::date);
  return holidays;
}

}  // namespace

std::span<const Holiday> us_federal_holidays() {
  static const std::vector<Holiday> holidays = all_holidays();
  return holidays;
}

std::optional<std::string_view> us_federal_holiday(Date date) {
  const auto holidays = us_federal_holidays();
  const auto found = std::ranges::lower_bound(holidays, date, {}, &Holiday::date);
  if (found == holidays.end() || found->date != date) return std::nullopt;
  return found->name;
}

bool is_business_day(Date date) {
  const weekday day{date};
  return day != Saturday && day != Sunday && !us_federal_holiday(date);
}

Date business_day_before(Date end, int count) {
  Date date = end;
  for (int left = count;; date -= days{1}) {
    if (is_business_day(date) && left-- == 0) return date;
  }
}

Date business_day_after(Date date, int count) {
  while (count > 0) {
    date += days{1};
    if (is_business_day(date)) --count;
  }
  return date;
}

}  // namespace holdfast
