#include "runtime/calendar/service_calendar.h"

#include <algorithm>

#include "runtime/core/limits.h"

namespace holdfast {
namespace {

using namespace std::chrono;

constexpr minutes day_length = hours{24};

struct Interval {
  Instant from;
  Instant to;
};

// What is left of [from, to) when the stops are taken out, in order.
std::vector<Interval> running_intervals(Instant from, Instant to, std::span<const ClockStop> stops) {
  std::vector<ClockStop> ordered(stops.begin(), stops.end());
  std::ranges::sort(ordered, {}, &ClockStop::from);
  std::vector<Interval> running;
  for (const auto& stop : ordered) {
    if (stop.from >= to) break;
    if (stop.from > from) running.push_back({from, stop.from});
    from = std::max(from, stop.to.value_or(to));
  }
  if (from < to) running.push_back({from, to});
  return running;
}

}  // namespace

// Walks the open intervals of a calendar in order of time.
class OpenTime {
 public:
  explicit OpenTime(const ServiceCalendar& calendar) : calendar_(calendar) {}

  // Calls visit(from, to) for every open interval within [within.from, within.to) until it answers false; answers
  // whether it went all the way. Span by span of constant offset, and day by day within: so the intervals come in order
  // even where a clock is put back over midnight.
  template <class Visit>
  bool each(Interval within, Visit visit) const {
    for (const auto& span : spans_between(calendar_.zone_, within.from, within.to)) {
      const Instant from = std::max(within.from, span.begin);
      const Instant to = std::min(within.to, span.end);
      const Date last{floor<days>(WallTime{to.time_since_epoch() + span.offset})};
      for (Date date{floor<days>(WallTime{from.time_since_epoch() + span.offset})}; date <= last; date += days{1}) {
        if (is_holiday(date)) continue;
        const Instant midnight{date.time_since_epoch() - span.offset};
        for (const auto& stretch : calendar_.open_[weekday{date}.c_encoding()]) {
          const Instant opens = std::max(from, midnight + stretch.from);
          const Instant shuts = std::min(to, midnight + stretch.to);
          if (opens < shuts && !visit(opens, shuts)) return false;
        }
      }
    }
    return true;
  }

 private:
  bool is_holiday(Date date) const { return std::ranges::binary_search(calendar_.holidays_, date); }

  const ServiceCalendar& calendar_;
};

Result<ServiceCalendar> ServiceCalendar::make(ZoneName zone, std::vector<OpenWindow> windows,
                                              std::vector<Date> holidays) {
  if (windows.size() > window_limit) {
    return too_many("windows", window_limit, "windows");
  }
  if (holidays.size() > holiday_limit) {
    return too_many("holidays", holiday_limit, "holidays");
  }
  ServiceCalendar calendar(zone);
  for (const auto& window : windows) {
    if (!window.day.ok() || window.open < 0min || window.open >= day_length || window.close < 0min ||
        window.close > day_length || window.open == window.close) {
      return fail(Reason::field_invalid, "windows",
                  "a window opens from 00:00 to 23:59, closes from 00:00 to 24:00, and not at the same time");
    }
    const unsigned day = window.day.c_encoding();
    if (window.close > window.open) {
      calendar.open_[day].push_back({window.open, window.close});
    } else {
      calendar.open_[day].push_back({window.open, day_length});
      calendar.open_[(day + 1) % 7].push_back({0min, window.close});
    }
  }
  calendar.unite();
  calendar.holidays_ = std::move(holidays);
  std::ranges::sort(calendar.holidays_);
  return calendar;
}

ServiceCalendar ServiceCalendar::around_the_clock(ZoneName zone) {
  ServiceCalendar calendar(zone);
  calendar.open_.fill({{0min, day_length}});
  return calendar;
}

void ServiceCalendar::unite() {
  for (auto& stretches : open_) {
    std::ranges::sort(stretches, {}, &Stretch::from);
    std::vector<Stretch> united;
    for (const auto& stretch : stretches) {
      if (united.empty() || united.back().to < stretch.from) {
        united.push_back(stretch);
      } else {
        united.back().to = std::max(united.back().to, stretch.to);
      }
    }
    stretches = std::move(united);
  }
}

bool ServiceCalendar::is_open(Instant instant) const {
  return !OpenTime(*this).each({instant, instant + Duration{1}}, [](Instant, Instant) { return false; });
}

Duration elapsed(const ServiceCalendar& calendar, Instant from, Instant to, std::span<const ClockStop> stops) {
  Duration sum{0};
  for (const auto& running : running_intervals(from, to, stops)) {
    OpenTime(calendar).each(running, [&](Instant opens, Instant shuts) {
      sum += shuts - opens;
      return true;
    });
  }
  return sum;
}

std::optional<Instant> when_elapsed(const ServiceCalendar& calendar, Instant start, Duration target,
                                    std::span<const ClockStop> stops) {
  if (target <= Duration{0}) return start;
  std::optional<Instant> reached;
  Duration left = target;
  for (const auto& running : running_intervals(start, start + elapse_horizon, stops)) {
    OpenTime(calendar).each(running, [&](Instant opens, Instant shuts) {
      if (shuts - opens >= left) reached = opens + left;
      left -= shuts - opens;
      return !reached;
    });
    if (reached) break;
  }
  return reached;
}

}  // namespace holdfast
