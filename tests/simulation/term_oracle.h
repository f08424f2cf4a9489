#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What must be said of a contract and when, straight from docs/rules.md (R20, R22, R24, R27) by day arithmetic of its
// own: nothing here knows the services' code.
namespace holdfast::simulation::oracle {

using Day = std::int64_t;     // since 1970-01-01
using Second = std::int64_t;  // since then, UTC

struct Paper {
  Day start = 0;
  int months = 0;  // of the first term
  enum class AtEnd { roll, renew, disconnect } at_end{};
  int step_months = 0;  // of each later term
  int notice = 0;       // before a term's last day
  bool notice_in_months = false;
  int zone = 0;  // of `zones`
  bool key_account = false;
};

// Zones whose rules are simple enough to be written down once more.
struct Zone {
  const char* name;
  int hours;           // from UTC, in winter
  bool daylight_time;  // of the United States since 2007
};
inline constexpr Zone zones[] = {{"America/New_York", -5, true},
                                 {"America/Los_Angeles", -8, true},
                                 {"America/Phoenix", -7, false},
                                 {"Pacific/Honolulu", -10, false}};

// What was decided, and in which term.
struct Decision {
  std::int64_t at_us = 0, known_at_us = 0;  // by the clock of who decided, and when it was committed
  int term = 0;
  bool leaves = false;  // notice was sent; else it was decided to stay
};

struct Saying {
  std::string kind;
  Day term_end = 0;
  int lead_days = 0;
  Second at = 0;

  auto operator<=>(const Saying&) const = default;
};

struct Duty {
  Saying saying;
  bool optional = false;  // it fell due while the decision that ended it was on its way
};

// All that falls due after `from`, up to and including `until`.
std::vector<Duty> duties_of(const Paper& paper, const std::vector<Decision>& decisions, Second from, Second until);

}  // namespace holdfast::simulation::oracle
