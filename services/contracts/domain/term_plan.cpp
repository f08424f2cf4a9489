#include "contracts/domain/term_plan.h"

#include <algorithm>
#include <cassert>

#include "runtime/calendar/business_days.h"
#include "runtime/calendar/months.h"
#include "runtime/core/limits.h"

namespace holdfast::contracts {
namespace {

using std::chrono::days;
using std::chrono::year_month_day;

constexpr int months_limit = 600;

int notice_limit(NoticeUnit unit) {
  switch (unit) {
    case NoticeUnit::calendar_days:
      return 3'660;
    case NoticeUnit::calendar_months:
      return 120;
    case NoticeUnit::business_days:
      return 2'600;
  }
  return 0;
}

// Months from one term to the next; 0 when there is no next.
int step_months(const TermPlan& plan) {
  if (plan.open_ended()) return 0;
  switch (plan.action) {
    case EndOfTermAction::roll:
      return plan.roll_months;
    case EndOfTermAction::auto_renew:
      return plan.renewal_months;
    case EndOfTermAction::auto_disconnect:
      return 0;
  }
  return 0;
}

// Where months are counted from, and how many of them the initial term has beyond it.
struct Origin {
  Date date;
  int months;
};

Origin origin(const TermPlan& plan) {
  if (plan.first_end) return {*plan.first_end + days{1}, 0};
  return {plan.start, *plan.months};
}

Date end_of_term(const TermPlan& plan, int number) {
  const Origin from = origin(plan);
  return add_months(from.date, from.months + number * step_months(plan)) - days{1};
}

// Months since year 0.
int month_index(Date date) {
  const year_month_day parts{date};
  return static_cast<int>(parts.year()) * 12 + static_cast<int>(static_cast<unsigned>(parts.month()));
}

// The first term that ends on `date` or later. At or one before it lies the term whose end falls into date's month.
int number_at(const TermPlan& plan, Date date) {
  const int step = step_months(plan);
  if (step == 0) return 0;
  const Origin from = origin(plan);
  int number = std::max(0, (month_index(date) - month_index(from.date) - from.months) / step);
  while (end_of_term(plan, number) < date) ++number;
  return number;
}

bool out_of_range(int months) { return months < 1 || months > months_limit; }

}  // namespace

Result<> check(const TermPlan& plan) {
  if (plan.months && out_of_range(*plan.months)) {
    return outside("term_months", 1, months_limit, "months");
  }
  if (plan.first_end && *plan.first_end < plan.start) {
    return fail(Reason::end_before_start, "term_end", "the first term ends before it starts");
  }
  if (plan.action == EndOfTermAction::roll && out_of_range(plan.roll_months)) {
    return outside("roll_interval_months", 1, months_limit, "months");
  }
  if (plan.action == EndOfTermAction::auto_renew && out_of_range(plan.renewal_months)) {
    return outside("renewal_term_months", 1, months_limit, "months");
  }
  if (plan.notice.value < 0 || plan.notice.value > notice_limit(plan.notice.unit)) {
    return outside("notice_value", 0, notice_limit(plan.notice.unit), "of its unit");
  }
  return {};
}

Date notice_deadline(const Notice& notice, Date end) {
  switch (notice.unit) {
    case NoticeUnit::calendar_days:
      return end - days{notice.value};
    case NoticeUnit::calendar_months:
      return add_months(end, -notice.value);
    case NoticeUnit::business_days:
      return business_day_before(end, notice.value);
  }
  return end;
}

Date earliest_end(const Notice& notice, Date given) {
  Date end = given;
  if (notice.unit == NoticeUnit::calendar_days) end = given + days{notice.value};
  if (notice.unit == NoticeUnit::calendar_months) end = add_months(given, notice.value);
  if (notice.unit == NoticeUnit::business_days && notice.value > 0) end = business_day_after(given, notice.value);
  // Clamped months, and a day given that is no business day, leave at most a few days.
  while (notice_deadline(notice, end) < given) end += days{1};
  return end;
}

Term term(const TermPlan& plan, int number) {
  assert(number == 0 || (number > 0 && step_months(plan) > 0));
  Term term{number, plan.start, std::nullopt, std::nullopt, TermOrigin::initial};
  if (number > 0) {
    term.start = end_of_term(plan, number - 1) + days{1};
    term.origin = plan.action == EndOfTermAction::roll ? TermOrigin::roll : TermOrigin::auto_renew;
  }
  if (!plan.open_ended()) {
    term.end = end_of_term(plan, number);
    term.notice_deadline = notice_deadline(plan.notice, *term.end);
  }
  return term;
}

Term running_term(const TermPlan& plan, Instant instant) {
  return term(plan, number_at(plan, begun_date(plan.zone, instant)));
}

std::optional<Term> actionable_term(const TermPlan& plan, const Term& from, Date day) {
  if (plan.open_ended()) return std::nullopt;
  Term candidate = from;
  while (*candidate.notice_deadline < day) {
    if (step_months(plan) == 0) return std::nullopt;
    candidate = term(plan, candidate.number + 1);
  }
  return candidate;
}

Preview preview(const TermPlan& plan, Instant as_of) {
  Preview preview;
  preview.as_of_local = begun_date(plan.zone, as_of);
  preview.current = running_term(plan, as_of);
  if (plan.open_ended()) return preview;
  const Date deadline = *preview.current.notice_deadline;
  preview.ended = plan.action == EndOfTermAction::auto_disconnect && preview.as_of_local > *preview.current.end;
  preview.deadline_passes = first_instant(plan.zone, deadline + days{1});
  preview.days_left = static_cast<int>((deadline - preview.as_of_local).count());
  if (const auto actionable = actionable_term(plan, preview.current, preview.as_of_local)) {
    preview.actionable_end = actionable->end;
    preview.actionable_deadline = actionable->notice_deadline;
  }
  return preview;
}

}  // namespace holdfast::contracts
