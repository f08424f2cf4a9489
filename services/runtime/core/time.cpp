#include "runtime/core/time.h"

#include <fmt/format.h>

#include <charconv>

namespace holdfast {
namespace {

using namespace std::chrono;

// Exactly `digits` decimal digits at the front of `text`, which is shortened by them.
std::optional<int> take_number(std::string_view& text, size_t digits) {
  int value = 0;
  if (text.size() < digits) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, value);
  if (error != std::errc() || end != text.data() + digits || text[0] == '-') return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

bool take_character(std::string_view& text, char wanted) {
  if (text.empty() || text[0] != wanted) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<year_month_day> take_date(std::string_view& text) {
  const auto y = take_number(text, 4);
  if (!y || !take_character(text, '-')) return std::nullopt;
  const auto m = take_number(text, 2);
  if (!m || !take_character(text, '-')) return std::nullopt;
  const auto d = take_number(text, 2);
  if (!d) return std::nullopt;
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*m)}, day{static_cast<unsigned>(*d)}};
  if (!date.ok() || *y < 1900 || *y > 2200) return std::nullopt;
  return date;
}

// hh:mm:ss[.ffffff]
std::optional<microseconds> take_time(std::string_view& text) {
  const auto h = take_number(text, 2);
  if (!h || !take_character(text, ':')) return std::nullopt;
  const auto m = take_number(text, 2);
  if (!m || !take_character(text, ':')) return std::nullopt;
  const auto s = take_number(text, 2);
  if (!s || *h > 23 || *m > 59 || *s > 59) return std::nullopt;
  microseconds time = hours{*h} + minutes{*m} + seconds{*s};
  if (!take_character(text, '.')) return time;
  microseconds unit{100000};
  size_t digits = 0;
  for (; digits < 6; ++digits, unit /= 10) {
    const auto digit = take_number(text, 1);
    if (!digit) break;
    time += *digit * unit;
  }
  if (digits == 0) return std::nullopt;
  return time;
}

}  // namespace

Result<Date> parse_date(std::string_view text) {
  std::string_view rest = text;
  const auto date = take_date(rest);
  if (!date || !rest.empty()) {
    return fail(Reason::date_invalid, "'" + std::string(text.substr(0, 64)) + "' is no date of the form YYYY-MM-DD");
  }
  return local_days{*date};
}

std::string format_date(Date date) {
  const year_month_day parts{date};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(parts.year()), static_cast<unsigned>(parts.month()),
                     static_cast<unsigned>(parts.day()));
}

Result<Instant> parse_instant(std::string_view text) {
  std::string_view rest = text;
  const auto date = take_date(rest);
  const auto time = date && take_character(rest, 'T') ? take_time(rest) : std::nullopt;
  if (!time || rest != "Z") {
    return fail(Reason::instant_invalid,
                "'" + std::string(text.substr(0, 64)) + "' is no instant of the form 2026-01-05T09:00:00Z");
  }
  return Instant{sys_days{*date}.time_since_epoch() + *time};
}

std::string format_instant(Instant instant) {
  const auto midnight = floor<days>(instant);
  const hh_mm_ss time{instant - midnight};
  auto text = format_date(Date{midnight.time_since_epoch()}) +
              fmt::format("T{:02}:{:02}:{:02}", time.hours().count(), time.minutes().count(), time.seconds().count());
  if (const auto fraction = time.subseconds().count(); fraction != 0) text += fmt::format(".{:06}", fraction);
  return text + "Z";
}

}  // namespace holdfast
