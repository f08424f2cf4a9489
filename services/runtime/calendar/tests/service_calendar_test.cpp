#include "runtime/calendar/service_calendar.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

#include "runtime/calendar/tests/written.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::floor;
using std::chrono::minutes;
using std::chrono::weekday;

std::vector<OpenWindow> every_day(minutes open, minutes close) {
  std::vector<OpenWindow> windows;
  for (unsigned day = 0; day < 7; ++day) windows.push_back({weekday{day}, open, close});
  return windows;
}

TEST(ServiceCalendar, RefusesWindowsThatMeanNothing) {
  const auto new_york = zone("America/New_York");
  const OpenWindow wrong[] = {{std::chrono::Monday, 9h, 9h},
                              {std::chrono::Monday, 24h, 1h},
                              {std::chrono::Monday, -1min, 1h},
                              {std::chrono::Monday, 1h, 24h + 1min},
                              {weekday{9}, 9h, 17h}};
  for (const auto& window : wrong) {
    const auto made = ServiceCalendar::make(new_york, {window}, {});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().reason, Reason::field_invalid);
  }
  const std::vector<OpenWindow> many(ServiceCalendar::window_limit + 1, {std::chrono::Monday, 9h, 17h});
  EXPECT_EQ(ServiceCalendar::make(new_york, many, {}).error().reason, Reason::field_out_of_range);
  const std::vector<Date> holidays(ServiceCalendar::holiday_limit + 1, date("2026-01-01"));
  EXPECT_EQ(ServiceCalendar::make(new_york, {}, holidays).error().reason, Reason::field_out_of_range);
}

TEST(ServiceCalendar, DaysOf23And25Hours) {
  const auto calendar = ServiceCalendar::around_the_clock(zone("America/New_York"));
  EXPECT_EQ(elapsed(calendar, at("2025-03-09T05:00:00Z"), first_instant(calendar.zone(), date("2025-03-10")), {}), 23h);
  EXPECT_EQ(elapsed(calendar, at("2025-11-02T04:00:00Z"), first_instant(calendar.zone(), date("2025-11-03")), {}), 25h);
  // Around the clock is real time, whatever the zone does, for years.
  const Instant start = at("2020-01-01T00:00:00Z");
  EXPECT_EQ(elapsed(calendar, start, start + days{2'000}, {}), days{2'000});
  EXPECT_EQ(when_elapsed(calendar, start, days{2'000}, {}), start + days{2'000});
}

TEST(ServiceCalendar, GivesUpAtItsHorizon) {
  const auto new_york = zone("America/New_York");
  const Instant start = at("2026-01-01T00:00:00Z");
  EXPECT_EQ(when_elapsed(*ServiceCalendar::make(new_york, {}, {}), start, 1min, {}), std::nullopt);
  const auto always = ServiceCalendar::around_the_clock(new_york);
  const ClockStop open_stop[] = {{start + 1h, std::nullopt}};
  EXPECT_EQ(when_elapsed(always, start, 1h, open_stop), start + 1h);
  EXPECT_EQ(when_elapsed(always, start, 1h + 1us, open_stop), std::nullopt);
  EXPECT_EQ(when_elapsed(always, start, elapse_horizon, {}), start + elapse_horizon);
  EXPECT_EQ(when_elapsed(always, start, elapse_horizon + 1us, {}), std::nullopt);
}

TEST(ServiceCalendar, ToldTwiceIsStoppedOnce) {
  const auto always = ServiceCalendar::around_the_clock(zone("UTC"));
  const Instant start = at("2026-01-01T00:00:00Z");
  const ClockStop stops[] = {{start + 3h, start + 5h}, {start + 1h, start + 4h}, {start + 2h, start + 3h}};
  EXPECT_EQ(elapsed(always, start, start + 10h, stops), 6h);
  EXPECT_EQ(when_elapsed(always, start, 6h, stops), start + 10h);
}

// A calendar, an instant to start from and some stops, at random but the same in every run.
struct Sample {
  ServiceCalendar calendar;
  std::vector<OpenWindow> windows;
  std::vector<Date> holidays;
  Instant start;
  std::vector<ClockStop> stops;
};

class Samples {
 public:
  int between(int low, int high) { return std::uniform_int_distribution(low, high)(random_); }

  Sample next() {
    const auto place = zone(std::array{"America/New_York", "America/Los_Angeles", "America/Phoenix", "America/Havana",
                                       "Australia/Lord_Howe"}[static_cast<size_t>(between(0, 4))]);
    std::vector<OpenWindow> windows;
    for (int count = between(1, 9); count > 0; --count) {
      const minutes open{between(0, 95) * 15};
      const minutes close{between(0, 96) * 15};
      if (open != close) windows.push_back({weekday{static_cast<unsigned>(between(0, 6))}, open, close});
    }
    // Around a change of the clock, where the rules are hard.
    const Instant start =
        at(between(0, 1) ? "2025-03-07T00:00:00Z" : "2025-10-31T00:00:00Z") + minutes{between(0, 4'000)};
    std::vector<Date> holidays;
    if (between(0, 1)) holidays.push_back(local_date(place, start) + days{between(0, 4)});
    std::vector<ClockStop> stops;
    for (int count = between(0, 3); count > 0; --count) {
      const Instant from = start + minutes{between(-100, 5'000)};
      stops.push_back({from, from + minutes{between(1, 2'000)}});
    }
    return {*ServiceCalendar::make(place, windows, holidays), windows, holidays, start, stops};
  }

 private:
  std::mt19937 random_{20260105};
};

// The rules word for word, for one instant.
bool open_by_the_rules(const Sample& sample, Instant instant) {
  const auto reading = wall_time(sample.calendar.zone(), instant);
  const auto today = floor<days>(reading);
  if (std::ranges::find(sample.holidays, today) != sample.holidays.end()) return false;
  for (const auto& stop : sample.stops) {
    if (stop.from <= instant && instant < *stop.to) return false;
  }
  for (const auto& window : sample.windows) {
    for (const auto opened : {today, today - days{1}}) {
      if (weekday{opened} != window.day) continue;
      const auto shuts = opened + window.close + (window.close < window.open ? 24h : 0h);
      if (opened + window.open <= reading && reading < shuts) return true;
    }
  }
  return false;
}

TEST(ServiceCalendar, AgreesWithAWalkMinuteByMinute) {
  Samples samples;
  for (int round = 0; round < 120; ++round) {
    const auto sample = samples.next();
    const Duration target = minutes{samples.between(1, 2'500)};
    Duration walked{0};
    std::optional<Instant> due;
    for (Instant now = sample.start; now < sample.start + days{6}; now += 1min) {
      ASSERT_EQ(elapsed(sample.calendar, sample.start, now, sample.stops), walked) << round << format_instant(now);
      if (open_by_the_rules(sample, now)) walked += 1min;
      if (!due && walked >= target) due = now + 1min;
    }
    if (due) {
      ASSERT_EQ(when_elapsed(sample.calendar, sample.start, target, sample.stops), due) << round;
    }
  }
}

TEST(ServiceCalendar, AStopNeverLengthensWhatElapsed) {
  Samples samples;
  for (int round = 0; round < 2'000; ++round) {
    const auto sample = samples.next();
    const Instant until = sample.start + minutes{samples.between(0, 9'000)};
    const Instant middle = sample.start + (until - sample.start) / 3;
    const auto whole = elapsed(sample.calendar, sample.start, until, sample.stops);
    ASSERT_LE(whole, elapsed(sample.calendar, sample.start, until, {}));
    ASSERT_LE(whole, until - sample.start);
    // Time adds up however it is cut.
    ASSERT_EQ(whole, elapsed(sample.calendar, sample.start, middle, sample.stops) +
                         elapsed(sample.calendar, middle, until, sample.stops));
    const Duration target = minutes{samples.between(1, 2'000)};
    const auto due = when_elapsed(sample.calendar, sample.start, target, sample.stops);
    if (!due) continue;
    ASSERT_EQ(elapsed(sample.calendar, sample.start, *due, sample.stops), target);
    ASSERT_LT(elapsed(sample.calendar, sample.start, *due - 1us, sample.stops), target) << "not the earliest";
    const auto unstopped = when_elapsed(sample.calendar, sample.start, target, {});
    ASSERT_LE(*unstopped, *due);
  }
}

TEST(ServiceCalendar, OpenIsWhatElapses) {
  const auto calendar = *ServiceCalendar::make(zone("America/Chicago"), every_day(22h, 2h), {date("2026-03-04")});
  EXPECT_TRUE(calendar.is_open(at("2026-03-04T04:00:00Z")));   // 22:00 on the 3rd
  EXPECT_FALSE(calendar.is_open(at("2026-03-04T06:00:00Z")));  // the tail lies on the holiday
  EXPECT_FALSE(calendar.is_open(at("2026-03-05T04:00:00Z")));  // and so does the evening
  EXPECT_TRUE(calendar.is_open(at("2026-03-05T06:00:00Z")));   // its own tail does not
  EXPECT_FALSE(calendar.is_open(at("2026-03-05T08:00:00Z")));
}

}  // namespace
}  // namespace holdfast
