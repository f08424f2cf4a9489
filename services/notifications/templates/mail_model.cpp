#include "notifications/templates/mail_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace holdfast::notifications {
namespace {

// "America/New_York" is "New York time", "America/Indiana/Knox" is "Knox, Indiana time".
std::string place(std::string_view zone) {
  if (zone == "UTC" || zone.starts_with("Etc/")) return std::string(zone);
  std::string name(zone.substr(zone.rfind('/') + 1));
  const auto first = zone.find('/');
  const auto last = zone.rfind('/');
  if (first != last) name += ", " + std::string(zone.substr(first + 1, last - first - 1));
  std::ranges::replace(name, '_', ' ');
  return name + " time";
}

std::string offset(WallTime wall, Instant instant) {
  using namespace std::chrono;
  const auto minutes_east = duration_cast<minutes>(wall.time_since_epoch() - instant.time_since_epoch()).count();
  const auto whole_hours = std::abs(minutes_east) / 60;
  const auto rest = std::abs(minutes_east) % 60;
  auto text = fmt::format("UTC{}{}", minutes_east < 0 ? '-' : '+', whole_hours);
  if (rest != 0) text += fmt::format(":{:02}", rest);
  return text;
}

struct Shown {
  const ZoneName& zone;

  std::string operator()(const std::string& text) const { return text; }
  std::string operator()(Instant instant) const { return show_instant(instant, zone); }
  std::string operator()(Date date) const { return show_date(date); }
  std::string operator()(DaysAhead ahead) const {
    if (ahead.days == 0) return "today";
    if (ahead.days == 1) return "tomorrow";
    if (ahead.days == -1) return "over since yesterday";
    if (ahead.days < 0) return fmt::format("over since {} days", -ahead.days);
    return fmt::format("in {} days", ahead.days);
  }
};

}  // namespace

std::string show_date(Date date) {
  constexpr std::array<std::string_view, 7> weekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                        "Thursday", "Friday", "Saturday"};
  constexpr std::array<std::string_view, 12> months = {"January",   "February", "March",    "April",
                                                       "May",       "June",     "July",     "August",
                                                       "September", "October",  "November", "December"};
  const std::chrono::year_month_day day{date};
  return fmt::format("{}, {} {}, {}", weekdays.at(std::chrono::weekday{date}.c_encoding()),
                     months.at(static_cast<unsigned>(day.month()) - 1), static_cast<unsigned>(day.day()),
                     static_cast<int>(day.year()));
}

std::string show_instant(Instant instant, const ZoneName& zone) {
  const WallTime wall = wall_time(zone, instant);
  const auto midnight = std::chrono::floor<std::chrono::days>(wall);
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::minutes>(wall - midnight)};
  return fmt::format("{}, {}:{:02} {} {} ({})", show_date(midnight), std::chrono::make12(time.hours()).count(),
                     time.minutes().count(), std::chrono::is_am(time.hours()) ? "AM" : "PM", place(zone.text()),
                     offset(wall, instant));
}

MailModel& MailModel::set(std::string name, Value value) {
  texts_.insert_or_assign(std::move(name), std::visit(Shown{zone_}, value));
  return *this;
}

MailModel& MailModel::set_optional(const std::string& name, std::optional<Value> value) {
  show("has_" + name, value.has_value());
  if (value) set(name, *std::move(value));
  return *this;
}

MailModel& MailModel::show(std::string section, bool shown) {
  sections_.insert_or_assign(std::move(section), shown);
  return *this;
}

const std::string* MailModel::text(std::string_view name) const {
  const auto found = texts_.find(name);
  return found == texts_.end() ? nullptr : &found->second;
}

std::optional<bool> MailModel::shown(std::string_view section) const {
  const auto found = sections_.find(section);
  return found == sections_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace holdfast::notifications
