#include "accounts/domain/contact_hours.h"

#include <gtest/gtest.h>

namespace holdfast::accounts {
namespace {

const ZoneName new_york = *parse_zone("America/New_York");
constexpr const char* day_number = "+18005550161";
constexpr const char* night_number = "+18445550104";

CarrierContact desk(std::vector<std::string> hours = {}, std::string night = night_number) {
  return {.function = "repair", .phone = day_number, .after_hours_phone = std::move(night), .hours = std::move(hours)};
}

std::string first_number(const CarrierContact& contact, const char* at) {
  return contact_at(contact, new_york, *parse_instant(at)).phones.at(0);
}

TEST(ReadHours, KeepsOneWayOfWriting) {
  const std::vector<std::string> written{" mon-FRI  08:00-17:00", "Sat 09:00-24:00", "fri-mon 22:00-06:00"};
  const std::vector<std::string> kept{"Mon-Fri 08:00-17:00", "Sat 09:00-24:00", "Fri-Mon 22:00-06:00"};
  EXPECT_EQ(*read_hours("hours", written), kept);
  EXPECT_EQ(*read_hours("hours", kept), kept);
  EXPECT_EQ(read_hours("hours", std::vector<std::string>(max_hours + 1, "Mon 08:00-17:00")).error().reason,
            Reason::field_too_long);
}

TEST(ReadHours, RefusesWhatIsNone) {
  for (const auto* wrong :
       {"", "Mon", "Mon-Fri", "Mo 08:00-17:00", "Mon 8:00-17:00", "Mon 08:00-25:00", "Mon 08:60-17:00", "Mon 08:00",
        "Mon 08:00-08:00", "Mon 24:00-08:00", "Mon-Fri 08:00-17:00 ET", "08:00-17:00"}) {
    const auto read = read_hours("hours", {"Tue 08:00-17:00", wrong});
    ASSERT_FALSE(read) << wrong;
    EXPECT_EQ(read.error().fields.at(0).field, "hours[1]") << wrong;
  }
}

TEST(ContactAt, OfficeHoursHoldWhereNoneAreGiven) {
  EXPECT_EQ(first_number(desk(), "2026-03-06T21:59:00Z"), day_number);    // Friday 16:59
  EXPECT_EQ(first_number(desk(), "2026-03-06T22:00:00Z"), night_number);  // Friday 17:00
  EXPECT_EQ(first_number(desk(), "2026-03-07T15:00:00Z"), night_number);  // Saturday
  EXPECT_EQ(first_number(desk(), "2026-11-26T15:00:00Z"), night_number);  // Thanksgiving
}

TEST(ContactAt, OneNumberIsTakenToBeAnsweredAlways) {
  const auto shown = contact_at(desk({}, ""), new_york, *parse_instant("2026-03-07T03:00:00Z"));
  EXPECT_TRUE(shown.open);
  EXPECT_EQ(shown.phones, std::vector<std::string>{day_number});
}

TEST(ContactAt, ItsOwnHoursAreInItsOwnZone) {
  auto contact = desk({"Mon-Fri 08:00-17:00"});
  contact.time_zone = "America/Los_Angeles";
  EXPECT_EQ(first_number(contact, "2026-03-06T23:00:00Z"), day_number);    // 15:00 there
  EXPECT_EQ(first_number(contact, "2026-03-06T14:00:00Z"), night_number);  // 06:00 there, 09:00 in New York
}

TEST(ContactAt, HoursGoRoundMidnightAndTheWeek) {
  const auto contact = desk({"Fri-Mon 22:00-06:00"});
  EXPECT_EQ(first_number(contact, "2026-03-10T09:00:00Z"), day_number);    // Tuesday 05:00: Monday's night
  EXPECT_EQ(first_number(contact, "2026-03-11T09:00:00Z"), night_number);  // Wednesday 05:00
}

TEST(ContactsAt, ThoseWhoAnswerComeFirst) {
  auto closed = desk({"Mon 08:00-17:00"}, "");
  closed.level = 1;
  auto night_desk = desk({"Mon 08:00-17:00"});
  night_desk.level = 2;
  const auto shown = contacts_at({closed, night_desk}, new_york, *parse_instant("2026-03-06T23:00:00Z"));
  EXPECT_EQ(shown.at(0).contact.level, 2);
  EXPECT_EQ(shown.at(1).contact.level, 1);
}

}  // namespace
}  // namespace holdfast::accounts
