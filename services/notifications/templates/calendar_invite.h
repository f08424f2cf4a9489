#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "runtime/core/result.h"
#include "runtime/core/time.h"

namespace holdfast::notifications {

constexpr size_t max_calendar_text_bytes = 4096;  // summary, description, place and url each
constexpr size_t max_calendar_events = 10'000;
constexpr size_t max_calendar_alarms = 8;
constexpr std::chrono::minutes max_calendar_alarm_lead = std::chrono::days(366);

// A stretch of time that has a beginning on the world's time line.
struct TimedSpan {
  Instant begin;
  Instant end;
};

// One entry of a calendar: a deadline, a turn-up, a term's end.
struct CalendarEvent {
  std::string uid;                     // the same through all changes, unique in the world: such as "<uuid>@holdfast"
  int sequence = 0;                    // one more with each change; a reader keeps the highest
  Instant changed_at;                  // when this state of it was written down
  std::variant<Date, TimedSpan> when;  // a legal date takes the whole day, wherever it is read
  bool cancelled = false;
  std::string summary;
  std::string description;
  std::string place;                         // empty: none
  std::string url;                           // empty: none
  std::vector<std::chrono::minutes> alarms;  // so long before the beginning; a whole day begins at local midnight
};

// The events as an iCalendar file (RFC 5545), METHOD:PUBLISH: an attachment of one event, or a feed of many.
//
// Instants are written in UTC. The other way, a TZID with its VTIMEZONE, matters for what recurs across a change of the
// clocks, and ours do not recur; and it is where readers part: Outlook knows only the zones it ships, and libical names
// them with a prefix that Outlook does not take. UTC is read as the same instant by Outlook, Google, Apple and ical.js,
// and shown in the reader's zone. Legal dates are DATE values and have no zone at all.
Result<std::string> calendar_invite(std::span<const CalendarEvent> events);

}  // namespace holdfast::notifications
