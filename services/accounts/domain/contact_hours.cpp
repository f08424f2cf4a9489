#include "accounts/domain/contact_hours.h"

#include <algorithm>
#include <array>
#include <optional>

#include "accounts/domain/text.h"
#include "runtime/calendar/business_days.h"

namespace holdfast::accounts {
namespace {

using std::chrono::minutes;

constexpr std::array<std::string_view, 7> day_names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr unsigned office_opens = 8 * 60, office_closes = 17 * 60;

// One line of hours: from day to day, both counted, round the week.
struct DailyHours {
  unsigned first_day = 0;  // Sunday is 0
  unsigned last_day = 0;
  unsigned open = 0;  // minutes since midnight
  unsigned close = 0;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<unsigned> read_day(std::string_view text) {
  for (unsigned day = 0; day < day_names.size(); ++day) {
    if (fold(text) == fold(day_names[day])) return day;
  }
  return std::nullopt;
}

// 24:00 is the end of a day.
std::optional<unsigned> read_time(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const size_t place : {0, 1, 3, 4}) {
    if (!is_digit(text[place])) return std::nullopt;
  }
  const auto number = [&](size_t at) { return static_cast<unsigned>((text[at] - '0') * 10 + (text[at + 1] - '0')); };
  const unsigned time = number(0) * 60 + number(3);
  if (number(3) > 59 || time > 24 * 60) return std::nullopt;
  return time;
}

std::optional<DailyHours> parse(std::string_view line) {
  const auto blank = line.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  const auto days = line.substr(0, blank), times = line.substr(blank + 1);
  const auto to_day = days.find('-'), to_time = times.find('-');
  if (to_time == std::string_view::npos) return std::nullopt;
  const auto first = read_day(days.substr(0, to_day));
  const auto last = to_day == std::string_view::npos ? first : read_day(days.substr(to_day + 1));
  const auto open = read_time(times.substr(0, to_time)), close = read_time(times.substr(to_time + 1));
  if (!first || !last || !open || !close || *open == *close || *open == 24 * 60) return std::nullopt;
  return DailyHours{*first, *last, *open, *close};
}

std::string written(const DailyHours& hours) {
  const auto time = [](unsigned at) {
    const std::array digits{at / 600, at / 60 % 10, at % 60 / 10, at % 10};
    std::string text;
    for (const auto digit : digits) text += static_cast<char>('0' + digit);
    return text.insert(2, ":");
  };
  std::string days(day_names[hours.first_day]);
  if (hours.last_day != hours.first_day) days.append("-").append(day_names[hours.last_day]);
  return days + " " + time(hours.open) + "-" + time(hours.close);
}

void add_windows(const DailyHours& hours, std::vector<OpenWindow>& windows) {
  for (unsigned day = hours.first_day;; day = (day + 1) % 7) {
    windows.push_back({std::chrono::weekday{day}, minutes{hours.open}, minutes{hours.close}});
    if (day == hours.last_day) return;
  }
}

std::vector<Date> federal_holidays() {
  std::vector<Date> days;
  for (const auto& holiday : us_federal_holidays()) days.push_back(holiday.date);
  return days;
}

ServiceCalendar calendar_of(const CarrierContact& contact, const ZoneName& agency_zone) {
  const auto own_zone = parse_zone(contact.time_zone);
  const auto& zone = own_zone ? *own_zone : agency_zone;
  std::vector<OpenWindow> windows;
  if (contact.hours.empty()) {
    if (contact.after_hours_phone.empty()) return ServiceCalendar::around_the_clock(zone);
    add_windows({1, 5, office_opens, office_closes}, windows);
    return *ServiceCalendar::make(zone, std::move(windows), federal_holidays());
  }
  for (const auto& line : contact.hours) {
    if (const auto hours = parse(line)) add_windows(*hours, windows);
  }
  return *ServiceCalendar::make(zone, std::move(windows), {});
}

}  // namespace

Result<std::vector<std::string>> read_hours(const char* field, const std::vector<std::string>& hours) {
  if (hours.size() > max_hours) {
    return fail(Reason::field_too_long, field, "are more than " + std::to_string(max_hours) + " lines");
  }
  std::vector<std::string> kept;
  for (size_t index = 0; index < hours.size(); ++index) {
    const auto parsed = parse(clean(hours[index]));
    if (!parsed) {
      return fail(Reason::field_invalid, field + ("[" + std::to_string(index) + "]"),
                  "are no hours such as Mon-Fri 08:00-17:00");
    }
    kept.push_back(written(*parsed));
  }
  return kept;
}

ContactAt contact_at(const CarrierContact& contact, const ZoneName& agency_zone, Instant at) {
  ContactAt shown{contact, calendar_of(contact, agency_zone).is_open(at), {}};
  shown.phones = {contact.phone, contact.after_hours_phone};
  if (!shown.open) std::ranges::reverse(shown.phones);
  std::erase(shown.phones, "");
  return shown;
}

Instant changes_after(const CarrierContact& contact, const ZoneName& agency_zone, Instant at) {
  constexpr std::chrono::days horizon{7};
  const auto calendar = calendar_of(contact, agency_zone);
  if (!calendar.is_open(at)) {
    const auto opened = when_elapsed(calendar, at, Duration{1}, {});
    return opened ? std::min<Instant>(*opened - Duration{1}, at + horizon) : Instant(at + horizon);
  }
  // Open time grows as fast as time itself until it closes, and then never catches up.
  Duration open{0}, shut{horizon};
  while (shut - open > Duration{1}) {
    const auto middle = open + (shut - open) / 2;
    (elapsed(calendar, at, at + middle, {}) == middle ? open : shut) = middle;
  }
  return at + open;
}

std::vector<ContactAt> contacts_at(const std::vector<CarrierContact>& contacts, const ZoneName& agency_zone,
                                   Instant at) {
  std::vector<ContactAt> shown;
  for (const auto& contact : contacts) shown.push_back(contact_at(contact, agency_zone, at));
  std::ranges::stable_partition(
      shown, [](const ContactAt& one) { return one.open || !one.contact.after_hours_phone.empty(); });
  return shown;
}

}  // namespace holdfast::accounts
