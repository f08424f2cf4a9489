#include "accounts/import/terms.h"

#include <charconv>
#include <vector>

#include "accounts/import/text.h"

namespace holdfast::accounts::import_book {
namespace {

enum class TimeUnit { none, days, business_days, weeks, months, years };

// A text taken apart: its only number, the unit that follows it, and the words that are neither.
struct Length {
  std::optional<int> number;
  TimeUnit unit = TimeUnit::none;
  std::vector<std::string> others;
};

TimeUnit unit_named(std::string_view word) {
  const auto any = [&](std::initializer_list<std::string_view> names) {
    for (const auto name : names) {
      if (word == name) return true;
    }
    return false;
  };
  if (any({"d", "day", "days"})) return TimeUnit::days;
  if (any({"bd", "bds", "bus", "business", "working", "workdays"})) return TimeUnit::business_days;
  if (any({"w", "wk", "wks", "week", "weeks"})) return TimeUnit::weeks;
  if (any({"m", "mo", "mos", "mth", "mths", "mnth", "month", "months", "mon"})) return TimeUnit::months;
  if (any({"y", "yr", "yrs", "year", "years"})) return TimeUnit::years;
  return TimeUnit::none;
}

// Nothing when there are two numbers, or one that is too long.
std::optional<Length> take_apart(std::string_view text) {
  Length length;
  for (const auto& word : words(text)) {
    const auto digits = word.find_first_not_of("0123456789");
    const auto number = word.substr(0, digits);
    const auto rest = digits == std::string::npos ? std::string() : word.substr(digits);  // 30d, 36mo
    if (!number.empty()) {
      int value = 0;
      if (length.number || number.size() > 4) return std::nullopt;
      std::from_chars(number.data(), number.data() + number.size(), value);
      length.number = value;
    }
    if (rest.empty()) continue;
    // A unit stands after its number: the Y of "Y (12)" is a word.
    const auto unit = length.number ? unit_named(rest) : TimeUnit::none;
    if (unit == TimeUnit::none)
      length.others.push_back(rest);
    else if (length.unit == TimeUnit::none)
      length.unit = unit;
  }
  return length;
}

std::optional<int> months_of(const Length& length) {
  if (!length.number) return std::nullopt;
  if (length.unit != TimeUnit::none && length.unit != TimeUnit::months && length.unit != TimeUnit::years)
    return std::nullopt;
  const int months = *length.number * (length.unit == TimeUnit::years ? 12 : 1);
  return months >= 1 && months <= 600 ? std::optional(months) : std::nullopt;
}

}  // namespace

std::optional<int> read_months(std::string_view text) {
  const auto length = take_apart(text);
  if (!length) return std::nullopt;
  for (const auto& other : length->others) {
    if (other != "term" && other != "initial") return std::nullopt;
  }
  return months_of(*length);
}

std::optional<NoticePeriod> read_notice(std::string_view text) {
  const auto length = take_apart(text);
  if (!length || !length->number || *length->number > 999) return std::nullopt;
  switch (length->unit) {
    case TimeUnit::none:
    case TimeUnit::days:
      return NoticePeriod{*length->number, NoticeUnit::calendar_days, false};
    case TimeUnit::weeks:
      return NoticePeriod{*length->number * 7, NoticeUnit::calendar_days, false};
    case TimeUnit::business_days:
      return NoticePeriod{*length->number, NoticeUnit::business_days, false};
    case TimeUnit::months:
      return NoticePeriod{*length->number, NoticeUnit::calendar_months, false};
    case TimeUnit::years:
      break;
  }
  return std::nullopt;
}

std::optional<ActionReading> read_action(std::string_view text, const Vocabulary& vocabulary) {
  const auto whole = vocabulary.meaning(Field::contract_end_action, text);
  const auto length = take_apart(text);
  auto meaning = whole;
  if (length && length->number) meaning = vocabulary.meaning(Field::contract_end_action, join(length->others, " "));
  if (length && length->number && length->others.empty()) meaning = "autoRenew";  // "12 months": it renews for them
  if (!meaning) meaning = whole;
  if (!meaning) return std::nullopt;
  ActionReading reading;
  if (length) reading.months = months_of(*length);
  if (*meaning == "autoRenew") reading.action = EndAction::auto_renew;
  if (*meaning == "autoDisconnect") reading.action = EndAction::auto_disconnect;
  return reading;
}

}  // namespace holdfast::accounts::import_book
