#include "runtime/calendar/business_days.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "runtime/calendar/tests/written.h"

namespace holdfast {
namespace {

using std::chrono::days;

TEST(BusinessDays, FederalHolidaysAreExactlyTheFile) {
  std::ifstream file(HOLDFAST_TEST_DATA "/cases/us-federal-holidays.csv");
  std::string line;
  ASSERT_TRUE(std::getline(file, line));
  std::vector<std::string> expected;
  while (std::getline(file, line)) expected.push_back(line);
  ASSERT_GT(expected.size(), 590u);
  std::vector<std::string> computed;
  for (const auto& holiday : us_federal_holidays()) {
    computed.push_back(format_date(holiday.date) + "," + std::string(holiday.name));
  }
  EXPECT_EQ(computed, expected);
}

TEST(BusinessDays, NoneOutsideOfTheYears) {
  EXPECT_EQ(us_federal_holiday(date("1994-12-26")), std::nullopt);
  EXPECT_EQ(us_federal_holiday(date("2046-07-04")), std::nullopt);
  EXPECT_EQ(us_federal_holiday(date("2021-12-31")), "New Year's Day (observed)");
  EXPECT_FALSE(is_business_day(date("2026-07-03")));
  EXPECT_TRUE(is_business_day(date("2026-07-06")));
}

int business_days_between(Date after, Date up_to) {
  int count = 0;
  for (Date day = after + days{1}; day <= up_to; day += days{1}) count += is_business_day(day);
  return count;
}

// Day by day against the wording of the rule.
TEST(BusinessDays, BeforeIsTheLatestWithEnoughDaysAfterIt) {
  for (Date end = date("2025-11-01"); end < date("2026-02-01"); end += days{1}) {
    for (const int count : {0, 1, 2, 5, 25}) {
      const Date found = business_day_before(end, count);
      ASSERT_TRUE(is_business_day(found));
      ASSERT_GE(business_days_between(found, end), count);
      for (Date later = found + days{1}; later <= end; later += days{1}) {
        ASSERT_FALSE(is_business_day(later) && business_days_between(later, end) >= count) << format_date(end);
      }
    }
  }
}

TEST(BusinessDays, AfterCountsForward) {
  EXPECT_EQ(business_day_after(date("2026-07-02"), 1), date("2026-07-06"));
  EXPECT_EQ(business_day_after(date("2026-07-04"), 3), date("2026-07-08"));
}

}  // namespace
}  // namespace holdfast
