#include "accounts/import/dates.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

#include "accounts/import/text.h"

namespace holdfast::accounts::import_book {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::year;

constexpr int first_serial = 10'959;  // 1 January 1930: lower numbers are years, counts or mistakes
constexpr int last_serial = 73'415;   // 31 December 2100

struct Part {
  bool letters = false;
  std::string_view text;
  int number = 0;
};

constexpr std::array months{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array long_months{"january", "february", "march",     "april",   "may",      "june",
                                 "july",    "august",   "september", "october", "november", "december"};

int month_named(std::string_view word) {
  for (int index = 0; index < 12; ++index) {
    if (word == months[index] || word == long_months[index] || (word == "sept" && index == 8)) return index + 1;
  }
  return 0;
}

bool is_weekday(std::string_view word) {
  constexpr std::array days{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
  return std::ranges::any_of(days, [&](std::string_view day) { return word.size() >= 3 && day.starts_with(word); });
}

// "3/1/26 12:00 AM", "2026-03-01T00:00:00Z": the day alone.
std::string_view without_time(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return text;
  auto start = colon;
  while (start > 0 && std::isdigit(static_cast<unsigned char>(text[start - 1]))) --start;
  if (start == 0 || start == colon || colon - start > 2) return text;
  const char before = text[start - 1];
  return before == ' ' || before == 't' ? text.substr(0, start - 1) : text;
}

// Nothing when the text holds what no date holds.
std::optional<std::vector<Part>> parts_of(std::string_view text) {
  std::vector<Part> parts;
  for (std::size_t at = 0; at < text.size();) {
    const auto kind = [](char c) {
      return std::isdigit(static_cast<unsigned char>(c)) ? 1 : c >= 'a' && c <= 'z' ? 2 : 0;
    };
    const int of = kind(text[at]);
    if (of == 0) {
      if (std::string_view(" ,./-").find(text[at]) == std::string_view::npos) return std::nullopt;
      ++at;
      continue;
    }
    auto end = at;
    while (end < text.size() && kind(text[end]) == of) ++end;
    Part part{of == 2, text.substr(at, end - at), 0};
    at = end;
    if (part.letters) {
      const bool ordinal = !parts.empty() && !parts.back().letters && parts.back().text.size() <= 2 &&
                           (part.text == "st" || part.text == "nd" || part.text == "rd" || part.text == "th");
      if (ordinal || is_weekday(part.text)) continue;
      if (month_named(part.text) == 0) return std::nullopt;
      part.number = month_named(part.text);
    } else if (part.text.size() > 8) {
      return std::nullopt;
    } else {
      std::from_chars(part.text.data(), part.text.data() + part.text.size(), part.number);
    }
    parts.push_back(part);
    if (parts.size() > 3) return std::nullopt;
  }
  return parts;
}

DateReading made(int of_year, int of_month, int of_day) {
  const auto date = year{of_year} / of_month / of_day;
  if (of_year < 1900 || of_year > 2200 || of_month < 1 || of_day < 1 || !date.ok()) return {};
  return {DateReading::Kind::date, Date{date}};
}

DateReading from_serial(double serial, const DateRules& rules) {
  if (!(serial >= first_serial && serial < last_serial + 1)) return {};
  return {DateReading::Kind::date, rules.serial_zero + std::chrono::days{static_cast<int>(std::floor(serial))}};
}

bool is_year(const Part& part) {
  return !part.letters && part.text.size() == 4 && part.number >= 1900 && part.number <= 2200;
}

std::optional<int> whole_year(const Part& part, const DateRules& rules) {
  if (part.letters) return std::nullopt;
  if (part.text.size() == 4) return part.number;
  if (part.text.size() != 2) return std::nullopt;
  return part.number <= rules.last_year_of_2000s ? 2000 + part.number : 1900 + part.number;
}

DateReading from_three(const std::vector<Part>& parts, const DateRules& rules) {
  const auto& [first, second, third] = std::tie(parts[0], parts[1], parts[2]);
  const auto short_number = [](const Part& part) { return part.letters || part.text.size() <= 2; };
  const bool year_leads = first.text.size() == 4 && !first.letters;
  const auto of_year = whole_year(year_leads || rules.order == DateOrder::year_first ? first : third, rules);
  if (!of_year || !short_number(second)) return {};
  if (year_leads || (rules.order == DateOrder::year_first && !first.letters && !second.letters)) {
    return third.letters || !short_number(third) ? DateReading{} : made(*of_year, second.number, third.number);
  }
  const auto last_year = whole_year(third, rules);
  if (!last_year || !short_number(first) || (first.letters && second.letters)) return {};
  const bool month_leads = first.letters || (!second.letters && rules.order != DateOrder::day_first);
  return month_leads ? made(*last_year, first.number, second.number) : made(*last_year, second.number, first.number);
}

DateReading from_text(std::string_view text, const DateRules& rules) {
  const auto lower = fold(text);
  const auto parts = parts_of(without_time(lower));
  if (!parts || parts->empty()) return {};
  if (parts->size() == 3) return from_three(*parts, rules);
  const auto& first = parts->front();
  if (parts->size() == 2) {
    const auto& second = parts->back();
    const bool month_and_year = (first.letters && !second.letters) || (second.letters && is_year(first)) ||
                                (is_year(second) && first.number >= 1 && first.number <= 12);
    return {month_and_year ? DateReading::Kind::imprecise : DateReading::Kind::invalid, {}};
  }
  if (first.letters) return {};
  if (first.text.size() == 8) return made(first.number / 10'000, first.number / 100 % 100, first.number % 100);
  if (is_year(first)) return {DateReading::Kind::imprecise, {}};
  return first.text.size() == 5 ? from_serial(first.number, rules) : DateReading{};
}

}  // namespace

DateReading read_date(const Cell& cell, const DateRules& rules) {
  if (cell.kind == Cell::Kind::date) return from_serial(cell.number, rules);
  if (cell.kind == Cell::Kind::number && cell.number >= first_serial && cell.number < last_serial + 1) {
    return from_serial(cell.number, rules);
  }
  return from_text(cell.text, rules);
}

int order_vote(std::string_view text) {
  const auto lower = fold(text);
  const auto parts = parts_of(without_time(lower));
  if (!parts || parts->size() != 3 || (*parts)[0].letters || (*parts)[1].letters) return 0;
  const auto& [first, second] = std::tie((*parts)[0], (*parts)[1]);
  if (first.text.size() > 2 || second.text.size() > 2) return 0;
  const auto fits_month = [](int number) { return number >= 1 && number <= 12; };
  if (fits_month(first.number) && second.number > 12 && second.number <= 31) return 1;
  if (fits_month(second.number) && first.number > 12 && first.number <= 31) return -1;
  return 0;
}

Date plus_months(Date date, int count) {
  const std::chrono::year_month_day from{date};
  auto to = from + std::chrono::months{count};
  if (!to.ok()) to = to.year() / to.month() / std::chrono::last;
  return Date{to};
}

}  // namespace holdfast::accounts::import_book
