#include "notifications/templates/calendar_invite.h"

#include <fmt/format.h>
#include <libical/ical.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace holdfast::notifications {
namespace {

struct ComponentFree {
  void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
using Component = std::unique_ptr<icalcomponent, ComponentFree>;

Component new_component(icalcomponent_kind kind) {
  Component component(icalcomponent_new(kind));
  if (!component) std::abort();  // out of memory
  return component;
}

icalproperty* add(const Component& to, icalproperty* property) {
  if (property == nullptr) std::abort();
  icalcomponent_add_property(to.get(), property);
  return property;
}

void adopt(const Component& parent, Component child) { icalcomponent_add_component(parent.get(), child.release()); }

icaltimetype whole_day(Date date) {
  const std::chrono::year_month_day day{date};
  auto time = icaltime_null_date();
  time.year = static_cast<int>(day.year());
  time.month = static_cast<int>(static_cast<unsigned>(day.month()));
  time.day = static_cast<int>(static_cast<unsigned>(day.day()));
  return time;
}

icaltimetype utc(Instant instant) {
  const auto midnight = std::chrono::floor<std::chrono::days>(instant);
  auto time = whole_day(Date{midnight.time_since_epoch()});
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(instant - midnight)};
  time.is_date = 0;
  time.hour = static_cast<int>(clock.hours().count());
  time.minute = static_cast<int>(clock.minutes().count());
  time.second = static_cast<int>(clock.seconds().count());
  time.zone = icaltimezone_get_utc_timezone();
  return time;
}

// What a TEXT value cannot hold is left out; commas, semicolons and line breaks libical escapes.
std::string printable(std::string text) {
  std::erase_if(text, [](unsigned char c) { return (c < ' ' && c != '\n') || c == 0x7f; });
  return text;
}

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c < ' ' || c == 0x7f; });
}

Result<Unit> check(const CalendarEvent& event) {
  if (event.uid.empty() || event.uid.size() > 255 || has_control_character(event.uid)) {
    return fail(Reason::field_invalid, "uid", "must be 1 to 255 characters on one line");
  }
  if (event.summary.empty()) return fail(Reason::field_required, "summary", "an event needs a summary");
  for (const auto* text : {&event.summary, &event.description, &event.place, &event.url}) {
    if (text->size() > max_calendar_text_bytes) {
      return fail(Reason::field_too_long, "event",
                  fmt::format("a text holds at most {} bytes", max_calendar_text_bytes));
    }
  }
  if (has_control_character(event.url)) return fail(Reason::field_invalid, "url", "must be one line");
  if (event.sequence < 0) return fail(Reason::field_out_of_range, "sequence", "counts from 0");
  if (event.alarms.size() > max_calendar_alarms) {
    return fail(Reason::field_out_of_range, "alarms", fmt::format("at most {} alarms", max_calendar_alarms));
  }
  const auto too_early = [](auto before) { return before < before.zero() || before > max_calendar_alarm_lead; };
  if (std::ranges::any_of(event.alarms, too_early)) {
    return fail(Reason::field_out_of_range, "alarms",
                fmt::format("an alarm comes at most {} days ahead", max_calendar_alarm_lead / std::chrono::days(1)));
  }
  if (const auto* span = std::get_if<TimedSpan>(&event.when); span != nullptr && span->end < span->begin) {
    return fail(Reason::end_before_start, "when", "the event ends before it begins");
  }
  return Unit{};
}

void add_times(const Component& to, const CalendarEvent& event) {
  if (const auto* date = std::get_if<Date>(&event.when)) {
    add(to, icalproperty_new_dtstart(whole_day(*date)));
    add(to, icalproperty_new_dtend(whole_day(*date + std::chrono::days(1))));  // not included
    // A deadline is no meeting: the day stays free.
    add(to, icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
    return;
  }
  const auto& span = std::get<TimedSpan>(event.when);
  add(to, icalproperty_new_dtstart(utc(span.begin)));
  add(to, icalproperty_new_dtend(utc(span.end)));
  add(to, icalproperty_new_transp(ICAL_TRANSP_OPAQUE));
}

Component alarm(std::chrono::minutes before, const std::string& summary) {
  auto component = new_component(ICAL_VALARM_COMPONENT);
  add(component, icalproperty_new_action(ICAL_ACTION_DISPLAY));
  add(component, icalproperty_new_description(summary.c_str()));
  const auto seconds = std::chrono::seconds(before).count();
  add(component, icalproperty_new_trigger(icaltriggertype_from_int(static_cast<int>(-seconds))));
  return component;
}

Component entry(const CalendarEvent& event) {
  auto component = new_component(ICAL_VEVENT_COMPONENT);
  const auto summary = printable(event.summary);
  add(component, icalproperty_new_uid(event.uid.c_str()));
  add(component, icalproperty_new_dtstamp(utc(event.changed_at)));
  add(component, icalproperty_new_lastmodified(utc(event.changed_at)));
  add(component, icalproperty_new_sequence(event.sequence));
  add(component, icalproperty_new_status(event.cancelled ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED));
  add_times(component, event);
  add(component, icalproperty_new_summary(summary.c_str()));
  if (!event.description.empty()) {
    add(component, icalproperty_new_description(printable(event.description).c_str()));
  }
  if (!event.place.empty()) add(component, icalproperty_new_location(printable(event.place).c_str()));
  if (!event.url.empty()) add(component, icalproperty_new_url(event.url.c_str()));
  if (event.cancelled) return component;  // nobody wants to be reminded of what is off
  for (const auto before : event.alarms) adopt(component, alarm(before, summary));
  return component;
}

}  // namespace

Result<std::string> calendar_invite(std::span<const CalendarEvent> events) {
  if (events.size() > max_calendar_events) {
    return fail(Reason::field_out_of_range, "events", fmt::format("at most {} events", max_calendar_events));
  }
  const auto calendar = new_component(ICAL_VCALENDAR_COMPONENT);
  add(calendar, icalproperty_new_prodid("-//Holdfast//Holdfast//EN"));
  add(calendar, icalproperty_new_version("2.0"));
  add(calendar, icalproperty_new_calscale("GREGORIAN"));
  add(calendar, icalproperty_new_method(ICAL_METHOD_PUBLISH));
  for (const auto& event : events) {
    CHECK_OK(check(event));
    adopt(calendar, entry(event));
  }
  const std::unique_ptr<char, decltype(&std::free)> text(icalcomponent_as_ical_string_r(calendar.get()), &std::free);
  if (!text) return fail(Reason::internal, "libical wrote no calendar");
  return std::string(text.get());
}

}  // namespace holdfast::notifications
