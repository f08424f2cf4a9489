#include "runtime/calendar/months.h"

#include <gtest/gtest.h>

namespace holdfast {
namespace {

TEST(Months, KeepTheDayOrClampIt) {
  const struct {
    const char* from;
    int months;
    const char* to;
  } cases[] = {{"2025-01-31", 1, "2025-02-28"},  {"2024-01-31", 1, "2024-02-29"},   {"2025-01-31", 2, "2025-03-31"},
               {"2025-03-31", -1, "2025-02-28"}, {"2024-02-29", 12, "2025-02-28"},  {"2024-02-29", 48, "2028-02-29"},
               {"2025-12-15", 1, "2026-01-15"},  {"2025-01-15", -1, "2024-12-15"},  {"2025-05-31", -25, "2023-04-30"},
               {"2026-07-04", 0, "2026-07-04"},  {"1999-12-31", 600, "2049-12-31"}, {"2000-01-30", -11, "1999-02-28"}};
  for (const auto& [from, months, to] : cases) {
    EXPECT_EQ(format_date(add_months(*parse_date(from), months)), to) << from << " + " << months;
  }
}

}  // namespace
}  // namespace holdfast
