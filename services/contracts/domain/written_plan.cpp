#include "contracts/domain/written_plan.h"

namespace holdfast::contracts {
namespace {

template <class T>
Result<T> in_plan(Result<T> result) {
  if (!result) {
    for (auto& violation : result.error().fields) violation.field = "plan." + violation.field;
  }
  return result;
}

Result<ZoneName> zone_of(const WrittenPlan& plan) {
  if (plan.time_zone.empty()) return fail(Reason::field_required, "time_zone", "its dates are dates in a time zone");
  auto zone = parse_zone(plan.time_zone);
  if (!zone) return fail(zone.error().reason, "time_zone", zone.error().message);
  return zone;
}

Result<> check_length(const WrittenPlan& plan) {
  const bool has_length = plan.term_months || plan.term_end;
  if (plan.open_ended && has_length) {
    return fail(Reason::field_invalid, "open_ended", "it has no length and no end, or it is not open-ended");
  }
  if (!plan.open_ended && !has_length) {
    return fail(Reason::field_required, "term_months", "give its length, its end, or say that it is open-ended");
  }
  return {};
}

Result<TermPlan> plan_from(const WrittenPlan& plan, Date start) {
  auto zone = TRY(zone_of(plan));
  TermPlan made{.start = start,
                .months = plan.term_months,
                .first_end = plan.term_end,
                .action = plan.end_of_term_action,
                .roll_months = plan.roll_interval_months.value_or(1),
                .renewal_months = plan.renewal_term_months.value_or(12),
                .notice = {plan.notice_value, plan.notice_unit},
                .zone = std::move(zone)};
  CHECK_OK(check(made));
  return made;
}

}  // namespace

WrittenPlan completed(WrittenPlan plan) {
  if (!plan.term_start && plan.term_clock == TermClock::signature) plan.term_start = plan.signed_date;
  if (plan.end_of_term_action == EndOfTermAction::roll && !plan.roll_interval_months) plan.roll_interval_months = 1;
  if (plan.end_of_term_action == EndOfTermAction::auto_renew && !plan.renewal_term_months) {
    plan.renewal_term_months = 12;
  }
  return plan;
}

Result<TermPlan> term_plan(const WrittenPlan& plan) {
  if (!plan.term_start) return in_plan(Result<TermPlan>(fail(Reason::field_required, "term_start", "is not known")));
  CHECK_OK(in_plan(check_length(plan)));
  return in_plan(plan_from(plan, *plan.term_start));
}

Result<> check(const WrittenPlan& plan) {
  if (plan.term_start) {
    CHECK_OK(term_plan(plan));
    return {};
  }
  // Any day before its end will do: nothing else that is checked depends on it.
  CHECK_OK(in_plan(plan_from(plan, plan.term_end.value_or(Date{}))));
  return {};
}

}  // namespace holdfast::contracts
