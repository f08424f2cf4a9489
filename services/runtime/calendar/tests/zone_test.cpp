#include "runtime/calendar/zone.h"

#include <gtest/gtest.h>
#include <malloc.h>

#include <thread>

#include "runtime/calendar/tests/written.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::local_days;
using std::chrono::sys_days;
using std::chrono::year;

TEST(Zone, KnowsTheNamesOfTheDatabaseAndTheirLinks) {
  for (const auto* name : {"America/New_York", "US/Eastern", "Etc/GMT+5", "UTC", "America/Argentina/Buenos_Aires"}) {
    const auto parsed = parse_zone(name);
    ASSERT_TRUE(parsed) << name;
    EXPECT_EQ(parsed->text(), name);
  }
  EXPECT_EQ(zone("America/Denver"), zone("America/Denver"));
  EXPECT_FALSE(zone("US/Eastern") == zone("America/New_York"));
}

TEST(Zone, RefusesEverythingElse) {
  const std::string endless(100'000, 'A');
  for (const std::string_view name : std::initializer_list<std::string_view>{
           "", "America", "America/Atlantis", "america/new_york", "localtime", "Factory", "posix/America/New_York",
           "right/America/New_York", "/etc/localtime", "../zoneinfo/UTC", "America/../UTC", "tzdata.zi",
           "EST5EDT,M3.2.0", "Fixed/UTC+01:00:00", " UTC", "UTC\n", endless.c_str()}) {
    const auto parsed = parse_zone(name);
    ASSERT_FALSE(parsed) << name.substr(0, 80);
    EXPECT_EQ(parsed.error().reason, Reason::time_zone_unknown);
    EXPECT_LT(parsed.error().message.size(), 200u);
  }
}

// Names come from clients: what is refused must not be remembered.
TEST(Zone, UnknownNamesLeaveNothingBehind) {
  (void)parse_zone("America/Unknown");
  const auto before = mallinfo2().uordblks;
  for (int index = 0; index < 5'000; ++index) EXPECT_FALSE(parse_zone("America/Unknown" + std::to_string(index)));
  EXPECT_LT(mallinfo2().uordblks, before + 100'000);
}

TEST(Zone, LoadsFromManyThreads) {
  std::vector<std::jthread> threads;
  for (int worker = 0; worker < 4; ++worker) {
    threads.emplace_back([] {
      for (const auto* name : {"Europe/Paris", "Asia/Tokyo", "America/Lima", "Africa/Cairo"}) {
        EXPECT_EQ(local_date(zone(name), at("2026-06-01T12:00:00Z")), date("2026-06-01"));
      }
    });
  }
}

TEST(Zone, LocalDateChangesAtLocalMidnight) {
  const auto new_york = zone("America/New_York");
  EXPECT_EQ(local_date(new_york, at("2026-01-31T04:59:59.999999Z")), date("2026-01-30"));
  EXPECT_EQ(local_date(new_york, at("2026-01-31T05:00:00Z")), date("2026-01-31"));
  EXPECT_EQ(first_instant(new_york, date("2026-01-31")), at("2026-01-31T05:00:00Z"));
  EXPECT_EQ(first_instant(new_york, date("2026-07-31")), at("2026-07-31T04:00:00Z"));
}

TEST(Zone, ReadingsOfTheSkippedAndTheDoubledHour) {
  const auto new_york = zone("America/New_York");
  const auto skipped = date("2025-03-09") + 2h + 30min;
  EXPECT_TRUE(instants_of(new_york, skipped).empty());
  EXPECT_EQ(first_instant_at(new_york, skipped), at("2025-03-09T07:00:00Z"));
  const auto doubled = date("2025-11-02") + 1h + 30min;
  EXPECT_EQ(instants_of(new_york, doubled), (std::vector{at("2025-11-02T05:30:00Z"), at("2025-11-02T06:30:00Z")}));
  EXPECT_EQ(first_instant_at(new_york, doubled), at("2025-11-02T05:30:00Z"));
  EXPECT_EQ(instants_of(new_york, date("2025-11-02") + 2h), (std::vector{at("2025-11-02T07:00:00Z")}));
  EXPECT_EQ(instants_of(new_york, date("2025-03-09") + 3h), (std::vector{at("2025-03-09T07:00:00Z")}));
}

TEST(Zone, DatesThatDoNotBeginAtMidnight) {
  // Havana skips from 24:00 to 01:00 in spring; Samoa left a whole day out.
  EXPECT_EQ(first_instant(zone("America/Havana"), date("2025-03-09")), at("2025-03-09T05:00:00Z"));
  EXPECT_EQ(wall_time(zone("America/Havana"), at("2025-03-09T05:00:00Z")), date("2025-03-09") + 1h);
  EXPECT_EQ(first_instant(zone("Pacific/Apia"), date("2011-12-30")), at("2011-12-30T10:00:00Z"));
  EXPECT_EQ(first_instant(zone("Pacific/Apia"), date("2011-12-31")), at("2011-12-30T10:00:00Z"));
}

TEST(Zone, ADateThatHasBegunDoesNotBeginAgain) {
  // St. John's put its clock back at 00:01: the 29th began, was the 28th once more, and came again.
  const auto st_johns = zone("America/St_Johns");
  const auto first = first_instant(st_johns, date("2006-10-29"));
  EXPECT_EQ(local_date(st_johns, first), date("2006-10-29"));
  EXPECT_EQ(local_date(st_johns, first + 2min), date("2006-10-28"));
  EXPECT_EQ(begun_date(st_johns, first - 1us), date("2006-10-28"));
  for (const auto later : {0min, 2min, 30min, 61min, 120min}) {
    EXPECT_EQ(begun_date(st_johns, first + later), date("2006-10-29")) << later.count();
  }
}

// The zone files' own transitions end in 2037; contracts do not.
TEST(Zone, RulesHoldAfter2037) {
  EXPECT_EQ(first_instant(zone("America/New_York"), date("2040-07-01")), at("2040-07-01T04:00:00Z"));
  EXPECT_EQ(first_instant(zone("America/New_York"), date("2040-01-01")), at("2040-01-01T05:00:00Z"));
  EXPECT_EQ(first_instant(zone("America/Nuuk"), date("2055-07-01")), at("2055-07-01T01:00:00Z"));
  EXPECT_EQ(first_instant(zone("America/Phoenix"), date("2099-07-01")), at("2099-07-01T07:00:00Z"));
  EXPECT_EQ(first_instant(zone("America/New_York"), date("2200-07-01")), at("2200-07-01T04:00:00Z"));
}

TEST(Zone, HasAnAnswerForEveryInstant) {
  const auto new_york = zone("America/New_York");
  EXPECT_EQ(local_date(new_york, at("1900-01-01T00:00:00Z")), date("1900-01-01") - days{1});
  EXPECT_EQ(local_date(new_york, Instant{sys_days{year{2500} / 7 / 1}}), local_days{year{2500} / 6 / 30});
}

// What holds for every zone that agencies meet: a reading's instants read as it, a date's first instant is its first.
TEST(Zone, InstantsAndReadingsAgree) {
  for (const auto* name : {"America/New_York", "America/Los_Angeles", "America/Phoenix", "America/Havana",
                           "America/St_Johns", "Pacific/Honolulu", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"}) {
    const auto place = zone(name);
    for (Date day = date("2005-01-01"); day < date("2008-01-01"); day += days{1}) {
      const Instant first = first_instant(place, day);
      ASSERT_LT(local_date(place, first - 1us), day) << name << " " << format_date(day);
      ASSERT_EQ(local_date(place, first), day) << name << " " << format_date(day);
      ASSERT_EQ(begun_date(place, first), day) << name;
      for (const auto time : {30min, 90min, 150min, 540min, 1410min}) {
        const auto instants = instants_of(place, day + time);
        for (const auto instant : instants) ASSERT_EQ(wall_time(place, instant), day + time) << name;
        if (instants.empty()) {
          ASSERT_GT(wall_time(place, first_instant_at(place, day + time)), day + time) << name;
        } else {
          ASSERT_EQ(first_instant_at(place, day + time), instants.front()) << name;
        }
      }
    }
  }
}

TEST(Zone, TheVersionOfTheDatabaseIsKnown) {
  const auto version = tzdata_version();
  ASSERT_EQ(version.size(), 5u) << version;
  EXPECT_GE(version, "2022a");
}

}  // namespace
}  // namespace holdfast
