#include "notifications/domain/quiet_hours.h"

#include <gtest/gtest.h>

namespace holdfast::notifications {
namespace {

using namespace std::chrono_literals;

std::string sent(std::string_view wanted, std::string_view zone, QuietHours quiet = {},
                 Urgency urgency = Urgency::ordinary) {
  return format_instant(may_send_from(*parse_instant(wanted), *parse_zone(zone), quiet, urgency));
}

TEST(QuietHours, LastFrom19To8OnTheRecipientsClock) {
  const auto* zone = "America/New_York";  // UTC-5 in January
  EXPECT_EQ(sent("2026-01-06T23:59:59Z", zone), "2026-01-06T23:59:59Z") << "18:59:59";
  EXPECT_EQ(sent("2026-01-07T00:00:00Z", zone), "2026-01-07T13:00:00Z") << "19:00";
  EXPECT_EQ(sent("2026-01-07T08:00:00Z", zone), "2026-01-07T13:00:00Z") << "03:00";
  EXPECT_EQ(sent("2026-01-07T12:59:59.999999Z", zone), "2026-01-07T13:00:00Z");
  EXPECT_EQ(sent("2026-01-07T13:00:00Z", zone), "2026-01-07T13:00:00Z") << "08:00";
  EXPECT_EQ(sent("2026-01-07T00:00:00Z", "America/Los_Angeles"), "2026-01-07T00:00:00Z") << "16:00 there";
}

TEST(QuietHours, AP1GoesAtOnce) {
  EXPECT_EQ(sent("2026-01-07T08:00:00Z", "America/New_York", {}, Urgency::p1), "2026-01-07T08:00:00Z");
}

TEST(QuietHours, FollowTheClockThroughItsChanges) {
  EXPECT_EQ(sent("2026-03-08T03:00:00Z", "America/New_York"), "2026-03-08T12:00:00Z") << "08:00 in summer time";
  EXPECT_EQ(sent("2026-11-01T03:00:00Z", "America/New_York"), "2026-11-01T13:00:00Z") << "08:00 in winter time";
}

TEST(QuietHours, EndAtATimeThatIsSkippedOrDoubled) {
  const QuietHours early{22h, 2h + 30min};
  EXPECT_EQ(sent("2026-03-08T06:00:00Z", "America/New_York", early), "2026-03-08T07:00:00Z") << "02:30 is skipped";
  const QuietHours doubled{22h, 1h + 30min};
  EXPECT_EQ(sent("2026-11-01T05:10:00Z", "America/New_York", doubled), "2026-11-01T05:30:00Z") << "the first 01:30";
  EXPECT_EQ(sent("2026-11-01T06:10:00Z", "America/New_York", doubled), "2026-11-01T06:30:00Z") << "the second 01:30";
}

TEST(QuietHours, MayLieWithinADayOrNotBeAtAll) {
  const QuietHours siesta{13h, 15h};
  EXPECT_EQ(sent("2026-01-07T12:59:00Z", "UTC", siesta), "2026-01-07T12:59:00Z");
  EXPECT_EQ(sent("2026-01-07T14:00:00Z", "UTC", siesta), "2026-01-07T15:00:00Z");
  EXPECT_EQ(sent("2026-01-07T15:00:00Z", "UTC", siesta), "2026-01-07T15:00:00Z");
  for (const auto* wanted : {"2026-01-07T00:00:00Z", "2026-01-07T08:00:00Z", "2026-01-07T19:00:00Z"}) {
    EXPECT_EQ(sent(wanted, "UTC", QuietHours{8h, 8h}), wanted);
  }
}

}  // namespace
}  // namespace holdfast::notifications
