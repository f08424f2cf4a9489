#include "contracts/domain/decisions.h"

#include "runtime/core/limits.h"

namespace holdfast::contracts {
namespace {

// What the decision changed, without what it made due.
Contract with_decision(Contract contract, const ContractState& after) {
  auto clock = clock_of(contract);
  clock.decision = after.decision;
  clock.last_day = after.last_day;
  clock.early_lead = after.early_lead;
  if (after.phase == clock.phase) clock.snoozed_until = after.snoozed_until;
  contract = with_clock(std::move(contract), clock);
  ++contract.version;
  return contract;
}

Decided decided(const Contract& contract, const Advanced& advanced) {
  auto with = with_decision(contract, advanced.state);
  auto progress = progress_of(with, advanced);
  return {std::move(with), std::move(progress)};
}

Result<> check_has_term(const Contract& contract) {
  if (has_clock(contract)) return {};
  return fail(Reason::illegal_transition, "the contract is " + std::string(to_string(contract.state)));
}

Decided rejected(Contract contract, const TerminateContract& command) {
  contract.end_reason = command.reason;
  contract.state = Lifecycle::rejected;
  contract.term_phase = TermPhase::ended;
  contract.decision = Decision::terminate;
  ++contract.version;
  return {contract, {{}, contract, std::nullopt}};
}

}  // namespace

Result<Decided> decide(const Contract& contract, const SendNotice& command, Instant now) {
  CHECK_OK(check_has_term(contract));
  CHECK_OK(check_size("method", command.method, max_reference_bytes));
  CHECK_OK(check_size("reference", command.reference, max_reference_bytes));
  const auto advanced = TRY(with_notice(clock_of(contract), now));
  auto with = contract;
  with.sent_notice = SentNotice{now, command.method, command.reference, std::nullopt, ""};
  return decided(with, advanced);
}

Result<Decided> decide(const Contract& contract, const AcknowledgeNotice& command, Instant now) {
  CHECK_OK(check_has_term(contract));
  CHECK_OK(check_size("reference", command.reference, max_reference_bytes));
  const auto advanced = TRY(with_acknowledgement(clock_of(contract), now));
  auto with = contract;
  with.sent_notice->acknowledged_at = now;
  with.sent_notice->acknowledgement = command.reference;
  return decided(with, advanced);
}

Result<Decided> decide(const Contract& contract, const DecideToStay&, Instant now) {
  CHECK_OK(check_has_term(contract));
  return decided(contract, TRY(with_stay(clock_of(contract), now)));
}

Result<Decided> decide(const Contract& contract, const TerminateContract& command, Instant now) {
  CHECK_OK(check_size("reason", command.reason, max_reason_bytes));
  if (contract.state == Lifecycle::in_process || contract.state == Lifecycle::approved)
    return rejected(contract, command);
  CHECK_OK(check_has_term(contract));
  if (!command.last_day) return fail(Reason::field_required, "last_day", "the contract's last day is required");
  const auto advanced = TRY(terminate(clock_of(contract), now, *command.last_day));
  auto with = contract;
  with.end_reason = command.reason;
  return decided(with, advanced);
}

Result<Decided> decide(const Contract& contract, const SnoozeReminders& command, Instant now) {
  CHECK_OK(check_has_term(contract));
  return decided(contract, TRY(snooze(clock_of(contract), now, command.until)));
}

Decided follow_standing(const Contract& contract, bool early_lead, Instant now) {
  if (has_clock(contract)) {
    // With what it is not reminded of any more: it would be said at the next occasion.
    const auto advanced = set_early_lead(clock_of(contract), now, early_lead);
    auto with = with_clock(contract, advanced.state);
    ++with.version;
    return {with, {{}, with, advanced.next_due}};
  }
  auto with = contract;
  with.early_lead = early_lead;
  ++with.version;
  return {with, {{}, with, std::nullopt}};
}

}  // namespace holdfast::contracts
