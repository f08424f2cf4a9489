#include "contracts/domain/deadline.h"

#include <cassert>

namespace holdfast::contracts {

Result<TermPreview> preview(const PreviewTerm& query, Instant now) {
  const auto as_of = query.as_of.value_or(now);
  const auto seen = preview(TRY(term_plan(completed(query.plan))), as_of);
  return TermPreview{.as_of = as_of,
                     .as_of_local = seen.as_of_local,
                     .rolls = seen.current.number,
                     .current_term_start = seen.current.start,
                     .current_term_end = seen.current.end,
                     .ended = seen.ended,
                     .notice_deadline = seen.current.notice_deadline,
                     .deadline_passes_at = seen.deadline_passes,
                     .days_left = seen.days_left,
                     .actionable_end = seen.actionable_end,
                     .actionable_deadline = seen.actionable_deadline};
}

Deadline deadline_of(const Contract& contract, Instant now) {
  const auto clock = clock_of(contract);
  assert(clock.term.notice_deadline);
  const Date today = begun_date(clock.plan.zone, now);
  Deadline deadline{.contract = contract,
                    .passed = today > *clock.term.notice_deadline,
                    .days_left = static_cast<std::int32_t>((*clock.term.notice_deadline - today).count())};
  if (const auto actionable = actionable_term(clock.plan, clock.term, today)) {
    deadline.actionable_end = actionable->end;
    deadline.actionable_deadline = actionable->notice_deadline;
  }
  return deadline;
}

}  // namespace holdfast::contracts
