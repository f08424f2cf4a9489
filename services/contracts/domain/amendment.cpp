#include "contracts/domain/amendment.h"

#include "contracts/domain/decisions.h"
#include "runtime/core/limits.h"

namespace holdfast::contracts {
namespace {

using std::chrono::days;

bool has_ended(const Contract& contract) {
  return contract.state == Lifecycle::terminated || contract.state == Lifecycle::expired ||
         contract.state == Lifecycle::superseded || contract.state == Lifecycle::rejected;
}

bool is_running(const Contract& contract) {
  return contract.state == Lifecycle::active || contract.state == Lifecycle::pending_terminate;
}

Result<Contract> with_details(Contract contract, const AmendContract& command) {
  if (command.number) contract.number = *command.number;
  if (command.carrier_id) contract.carrier_id = command.carrier_id;
  if (command.carrier_name) contract.carrier_name = *command.carrier_name;
  if (command.mrc) contract.mrc = command.mrc;
  CHECK_OK(check_details(contract));
  ++contract.version;
  return contract;
}

Result<> check_joins(const WrittenPlan& plan, const std::optional<Term>& kept) {
  if (!kept || !kept->end || *plan.term_start <= *kept->end + days{1}) return {};
  return fail(Reason::field_out_of_range, "plan.term_start",
              "begins later than the day behind the running term, " + format_date(*kept->end + days{1}));
}

// What was decided before stands where the amendment only corrects.
void keep_decision(ContractState& clock, const Contract& before) {
  const bool same_end = before.current_term && before.current_term->end == clock.term.end;
  if (before.decision == Decision::stay && !same_end) return;
  clock.decision = before.decision;
  clock.last_day = before.last_day;
}

}  // namespace

WrittenPlan amended_plan(const Contract& contract, const AmendContract& command) {
  if (!command.plan) return contract.plan;
  auto plan = completed(*command.plan);
  if (plan.time_zone.empty()) plan.time_zone = contract.plan.time_zone;
  return plan;
}

std::optional<Term> cut_by(const WrittenPlan& plan, const std::optional<Term>& kept) {
  if (!kept || (kept->end && *kept->end < *plan.term_start)) return std::nullopt;
  auto cut = kept;
  cut->end = *plan.term_start - days{1};
  return cut;
}

Result<Amended> amend(const Contract& before, const AmendContract& command, const std::optional<Term>& kept,
                      Instant now) {
  if (has_ended(before)) return fail(Reason::illegal_transition, "the contract has ended");
  CHECK_OK(check_size("reason", command.reason, max_reason_bytes));
  Amended amended{.contract = TRY(with_details(before, command))};
  auto& contract = amended.contract;
  const auto plan = amended_plan(before, command);
  CHECK_OK(check(plan));
  amended.plan_changed = plan != before.plan;
  contract.plan = plan;
  if (!plan.term_start && !before.plan.term_start) return amended;
  if (!amended.plan_changed) {
    amended.next_due = next_due(clock_of(contract));
    return amended;
  }

  const auto new_plan = TRY(term_plan(plan));
  CHECK_OK(check_joins(plan, kept));
  auto derived = derive(new_plan, now, before.early_lead);
  auto& clock = derived.state;
  if (clock.phase == Phase::expired) {
    return fail(Reason::field_out_of_range, "plan", "by this plan the contract has ended; terminate it instead");
  }
  amended.activated = clock.phase == Phase::running && !is_running(before);
  if (is_running(before)) clock.phase = Phase::running;  // renewed ahead: it never stopped
  const bool begins_anew = before.current_term && *plan.term_start > before.current_term->start;
  if (begins_anew) {
    contract.sent_notice.reset();
    contract.end_reason.clear();
  } else {
    keep_decision(clock, before);
  }
  contract.first_term_number = kept ? kept->number + 1 : 0;
  contract = with_clock(std::move(contract), clock);
  for (const auto& term : derived.history) amended.terms.push_back(in_history(contract, term));
  amended.cut = cut_by(plan, kept);
  amended.next_due = next_due(clock);
  return amended;
}

}  // namespace holdfast::contracts
