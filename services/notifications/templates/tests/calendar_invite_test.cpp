#include "notifications/templates/calendar_invite.h"

#include <gmock/gmock.h>
#include <libical/ical.h>

#include <array>
#include <memory>
#include <sstream>

namespace holdfast::notifications {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

CalendarEvent deadline() {
  CalendarEvent event;
  event.uid = "0195b0c8-0000-7000-8000-000000000001@holdfast";
  event.sequence = 3;
  event.changed_at = *parse_instant("2026-03-01T09:05:07.5Z");
  event.when = *parse_date("2026-12-31");
  event.summary = "Decide: Harbor Dental; Lumen, Fremont";
  return event;
}

std::string written(const CalendarEvent& event) { return *calendar_invite(std::span(&event, 1)); }

TEST(CalendarInvite, ALegalDateTakesTheWholeDay) {
  const auto text = written(deadline());
  EXPECT_TRUE(text.starts_with("BEGIN:VCALENDAR\r\n"));
  EXPECT_TRUE(text.ends_with("END:VCALENDAR\r\n"));
  for (const auto* line :
       {"VERSION:2.0\r\n", "METHOD:PUBLISH\r\n", "PRODID:-//Holdfast//Holdfast//EN\r\n",
        "UID:0195b0c8-0000-7000-8000-000000000001@holdfast\r\n", "SEQUENCE:3\r\n", "DTSTAMP:20260301T090507Z\r\n",
        "DTSTART;VALUE=DATE:20261231\r\n", "DTEND;VALUE=DATE:20270101\r\n", "TRANSP:TRANSPARENT\r\n",
        "STATUS:CONFIRMED\r\n", "SUMMARY:Decide: Harbor Dental\\; Lumen\\, Fremont\r\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_THAT(text, Not(HasSubstr("VALARM")));
}

TEST(CalendarInvite, AnInstantIsWrittenInUtc) {
  auto event = deadline();
  event.when = TimedSpan{*parse_instant("2026-03-08T06:30:00Z"), *parse_instant("2026-03-08T07:30:00Z")};
  const auto text = written(event);
  EXPECT_THAT(text, HasSubstr("DTSTART:20260308T063000Z\r\n"));
  EXPECT_THAT(text, HasSubstr("DTEND:20260308T073000Z\r\n"));
  EXPECT_THAT(text, Not(HasSubstr("TZID")));
}

TEST(CalendarInvite, RemindsBeforehand) {
  auto event = deadline();
  event.alarms = {15h, 24h * 7};
  const auto text = written(event);
  EXPECT_THAT(text, HasSubstr("BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Decide: Harbor Dental"));
  EXPECT_THAT(text, HasSubstr("TRIGGER:-PT15H\r\n"));
  EXPECT_THAT(text, HasSubstr("TRIGGER:-P1W\r\n"));
  event.cancelled = true;
  EXPECT_THAT(written(event), HasSubstr("STATUS:CANCELLED\r\n"));
  EXPECT_THAT(written(event), Not(HasSubstr("VALARM")));
}

// What libical's parser reads back is what we meant, whatever the text holds; lines are folded between characters.
TEST(CalendarInvite, AnyTextComesBackWhole) {
  auto event = deadline();
  event.description = "First line\nSecond, with \\ and ; \"quotes\"\nEND:VCALENDAR\n";
  for (int count = 0; count < 60; ++count) event.description += " Zürich 📞";
  event.place = "36 Ångström Way, Fremont";
  event.url = "https://holdfast.agency.example/contracts/1?a=1,2;3";
  const auto text = written(event);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 75U + 1) << line;

  const std::unique_ptr<icalcomponent, decltype(&icalcomponent_free)> parsed(icalparser_parse_string(text.c_str()),
                                                                             &icalcomponent_free);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(icalcomponent_count_errors(parsed.get()), 0);
  auto* entry = icalcomponent_get_first_component(parsed.get(), ICAL_VEVENT_COMPONENT);
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(icalcomponent_get_description(entry), event.description);
  EXPECT_EQ(icalcomponent_get_location(entry), event.place);
  EXPECT_EQ(icalproperty_get_url(icalcomponent_get_first_property(entry, ICAL_URL_PROPERTY)), event.url);
}

TEST(CalendarInvite, ManyEventsMakeAFeed) {
  std::array events = {deadline(), deadline()};
  events[1].uid = "another@holdfast";
  const auto text = *calendar_invite(events);
  EXPECT_THAT(text, HasSubstr("UID:another@holdfast\r\n"));
  EXPECT_EQ(text.find("BEGIN:VCALENDAR", 1), std::string::npos);
  EXPECT_TRUE(calendar_invite({}));
}

TEST(CalendarInvite, NoTextBecomesAProperty) {
  auto event = deadline();
  event.summary = "down\r\nATTENDEE:mailto:x@y.example\x01";
  EXPECT_THAT(written(event), HasSubstr("SUMMARY:down\\nATTENDEE:mailto:x@y.example\r\n"));
}

TEST(CalendarInvite, RefusesWhatIsNoEvent) {
  const auto refused = [](auto change) {
    auto event = deadline();
    change(event);
    return !calendar_invite(std::span(&event, 1));
  };
  EXPECT_FALSE(refused([](auto&) {}));
  EXPECT_TRUE(refused([](auto& event) { event.uid = ""; }));
  EXPECT_TRUE(refused([](auto& event) { event.uid = "a\r\nb"; }));
  EXPECT_TRUE(refused([](auto& event) { event.summary = ""; }));
  EXPECT_TRUE(refused([](auto& event) { event.url = "https://x\r\nATTENDEE:y"; }));
  EXPECT_TRUE(refused([](auto& event) { event.sequence = -1; }));
  EXPECT_TRUE(refused([](auto& event) { event.description.assign(max_calendar_text_bytes + 1, 'x'); }));
  EXPECT_TRUE(refused([](auto& event) { event.alarms.assign(max_calendar_alarms + 1, 1h); }));
  EXPECT_TRUE(refused([](auto& event) { event.alarms = {-1min}; }));
  EXPECT_TRUE(refused([](auto& event) { event.alarms = {24h * 367}; }));
  EXPECT_TRUE(refused([](auto& event) {
    event.when = TimedSpan{*parse_instant("2026-03-08T06:30:00Z"), *parse_instant("2026-03-08T06:29:59Z")};
  }));
}

}  // namespace
}  // namespace holdfast::notifications
