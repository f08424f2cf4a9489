#pragma once

#include <random>

#include "contracts/domain/term_plan.h"

namespace holdfast::contracts {

inline Date date(std::string_view text) { return *parse_date(text); }
inline Instant at(std::string_view text) { return *parse_instant(text); }

inline TermPlan plan(std::string_view start, int months, EndOfTermAction action, Notice notice,
                     std::string_view zone = "America/New_York") {
  return {date(start), months, std::nullopt, action, 1, 12, notice, *parse_zone(zone)};
}

// Contracts of all kinds, at random but the same in every run.
class RandomPlans {
 public:
  explicit RandomPlans(unsigned seed) : random_(seed) {}

  int between(int low, int high) { return std::uniform_int_distribution(low, high)(random_); }
  bool one_in(int chances) { return between(1, chances) == 1; }

  TermPlan next() {
    constexpr const char* zones[] = {"America/New_York", "America/Phoenix",  "Pacific/Honolulu",
                                     "America/Havana",   "America/St_Johns", "Pacific/Apia"};
    constexpr int notice_limits[] = {200, 7, 60};
    TermPlan plan{date("1998-01-01") + std::chrono::days{between(0, 12'000)},
                  between(1, 40),
                  std::nullopt,
                  static_cast<EndOfTermAction>(between(0, 2)),
                  between(1, 4),
                  one_in(2) ? 12 : between(1, 36),
                  {},
                  *parse_zone(zones[between(0, 5)])};
    plan.notice.unit = static_cast<NoticeUnit>(between(0, 2));
    plan.notice.value = between(0, notice_limits[static_cast<int>(plan.notice.unit)]);
    if (one_in(4)) plan.first_end = plan.start + std::chrono::days{between(0, 900)};
    if (one_in(4)) plan.months.reset();  // of those without a first end: open-ended
    return plan;
  }

 private:
  std::mt19937 random_;
};

}  // namespace holdfast::contracts
