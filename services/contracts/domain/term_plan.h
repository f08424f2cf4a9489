#pragma once

#include <optional>

#include "runtime/calendar/zone.h"
#include "runtime/core/enum_names.h"
#include "runtime/core/fields.h"
#include "runtime/core/result.h"
#include "runtime/core/time.h"

namespace holdfast::contracts {

enum class NoticeUnit { calendar_days, calendar_months, business_days };

// How long before a term's end notice must have been given.
struct Notice {
  int value = 0;
  NoticeUnit unit = NoticeUnit::calendar_days;

  bool operator==(const Notice&) const = default;
};

// What happens at a term's end when nobody does anything (MEF endOfTermAction, R22).
enum class EndOfTermAction { roll, auto_renew, auto_disconnect };

// What a contract says about time. Its dates are local dates in its zone.
struct TermPlan {
  Date start;
  std::optional<int> months;      // of the initial term
  std::optional<Date> first_end;  // last day of the initial term where the paper names it: believed over start + months
  EndOfTermAction action = EndOfTermAction::roll;
  int roll_months = 1;      // of each later term, for `roll`
  int renewal_months = 12;  // of each later term, for `auto_renew`
  Notice notice;
  ZoneName zone;

  // Neither length nor end: it runs until somebody ends it, and has no deadline.
  bool open_ended() const { return !months && !first_end; }
  bool operator==(const TermPlan&) const = default;
};

enum class TermOrigin { initial, roll, auto_renew };

// One stretch of a contract, both days included. `end` and `notice_deadline` are absent in open-ended contracts only.
struct Term {
  int number = 0;  // 0 is the initial term
  Date start;
  std::optional<Date> end;
  std::optional<Date> notice_deadline;  // the last local day on which notice against `end` is in time
  TermOrigin origin = TermOrigin::initial;

  bool operator==(const Term&) const = default;
};

// Whether the plan makes sense; everything below takes only plans that passed. Terms of 1 to 600 months, notice of at
// most 3,660 days, 120 months or 2,600 business days.
Result<> check(const TermPlan& plan);

// R27 and the decided rules: term k ends on (start + (months + k x step) months) - 1 day, always counted from the first
// start, so that a contract of the 31st keeps to it. Later terms after an explicit first end count from the day after
// it. Precondition: number is 0, or the plan rolls or renews. O(1).
Term term(const TermPlan& plan, int number);

// The last day on which notice against `end` is in time. Business days roll earlier (R27); the other units are never
// moved off weekends or holidays.
Date notice_deadline(const Notice& notice, Date end);
// The earliest end that notice given on `given` still stops.
Date earliest_end(const Notice& notice, Date given);

// The term that runs at `instant`: the initial one before its start, the last one after the end of an auto_disconnect.
// A term begins with the first instant of its first local day. O(1).
Term running_term(const TermPlan& plan, Instant instant);

// The first term from `from` on whose deadline is `day` or later; nothing when no later term comes. Looks at as many
// terms as a notice period holds.
std::optional<Term> actionable_term(const TermPlan& plan, const Term& from, Date day);

// The answer to "where does this contract stand?".
struct Preview {
  Date as_of_local;
  Term current;  // its number says how many later terms have begun
  bool ended = false;
  std::optional<Instant> deadline_passes;  // the first instant at which notice is too late
  std::optional<int> days_left;            // negative when passed
  std::optional<Date> actionable_end;      // the first end that one can still act on: what a person wants to be told
  std::optional<Date> actionable_deadline;
};
Preview preview(const TermPlan& plan, Instant as_of);

}  // namespace holdfast::contracts

namespace holdfast {

template <>
inline constexpr auto enum_names<contracts::NoticeUnit> =
    std::to_array<std::string_view>({"calendarDays", "calendarMonths", "businessDays"});

template <>
inline constexpr auto enum_names<contracts::EndOfTermAction> = std::to_array<std::string_view>({"roll", "autoRenew",
                                                                                                "autoDisconnect"});

template <>
inline constexpr auto enum_names<contracts::TermOrigin> = std::to_array<std::string_view>({"initial", "roll",
                                                                                           "autoRenew"});

template <>
struct Fields<contracts::Term> {
  using T = contracts::Term;
  static constexpr auto list = FieldList{Field{"number", &T::number}, Field{"start", &T::start}, Field{"end", &T::end},
                                         Field{"notice_deadline", &T::notice_deadline}, Field{"origin", &T::origin}};
};

}  // namespace holdfast
