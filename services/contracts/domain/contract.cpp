#include "contracts/domain/contract.h"

#include <algorithm>
#include <cassert>
#include <climits>

#include "runtime/core/limits.h"

namespace holdfast::contracts {
namespace {

using std::chrono::days;

Result<> check_money(const Money& amount) {
  const bool is_code = amount.currency.size() == 3 &&
                       std::ranges::all_of(amount.currency, [](char letter) { return letter >= 'A' && letter <= 'Z'; });
  if (!is_code) return fail(Reason::money_invalid, "mrc.currency", "a currency is an ISO 4217 code such as USD");
  if (amount.minor < 0) return fail(Reason::money_invalid, "mrc.minor", "is negative");
  return {};
}

Result<> check_place(const CreateContract& command, const Standing& standing) {
  if (standing.account_status == AccountStatus::closed) {
    return fail(Reason::account_closed, "account_id", "the account is closed");
  }
  if (!command.location_id) return {};
  if (!standing.account_of_location) {
    return fail(Reason::location_not_found, "location_id", "there is no location " + to_string(*command.location_id));
  }
  if (*standing.account_of_location != command.account_id) {
    return fail(Reason::location_of_other_account, "location_id", "the location belongs to another account");
  }
  return {};
}

// A contract takes its zone once, when it is created; only an amendment changes it.
std::string zone_for(const CreateContract& command, const Standing& standing) {
  if (!command.plan.time_zone.empty()) return command.plan.time_zone;
  if (standing.zone_of_location) return *standing.zone_of_location;
  return standing.only_zone.value_or("");
}

Lifecycle lifecycle_of(const ContractState& clock) {
  switch (clock.phase) {
    case Phase::approved:
      return Lifecycle::approved;
    case Phase::running:
      return clock.last_day ? Lifecycle::pending_terminate : Lifecycle::active;
    case Phase::expired:
      return Lifecycle::expired;
    case Phase::terminated:
      return Lifecycle::terminated;
  }
  return Lifecycle::active;
}

Phase phase_of(Lifecycle state) {
  switch (state) {
    case Lifecycle::approved:
      return Phase::approved;
    case Lifecycle::active:
    case Lifecycle::pending_terminate:
      return Phase::running;
    case Lifecycle::expired:
      return Phase::expired;
    case Lifecycle::terminated:
    case Lifecycle::in_process:
    case Lifecycle::superseded:
    case Lifecycle::rejected:
      return Phase::terminated;
  }
  return Phase::terminated;
}

TermPhase term_phase_of(const ContractState& clock) {
  if (clock.phase == Phase::expired || clock.phase == Phase::terminated) return TermPhase::ended;
  if (clock.decision == Decision::undecided && clock.deadline_missed) return TermPhase::notice_closed;
  if (clock.decision == Decision::undecided && clock.last_lead != INT_MAX) return TermPhase::decision_window;
  switch (clock.term.origin) {
    case TermOrigin::initial:
      return TermPhase::initial_term;
    case TermOrigin::roll:
      return TermPhase::rolling;
    case TermOrigin::auto_renew:
      return TermPhase::renewed_term;
  }
  return TermPhase::initial_term;
}

}  // namespace

Result<> check_details(const Contract& contract) {
  CHECK_OK(check_size("number", contract.number, max_number_bytes));
  if (contract.carrier_name.empty()) {
    return fail(Reason::field_required, "carrier_name", "a contract is with a carrier");
  }
  CHECK_OK(check_size("carrier_name", contract.carrier_name, max_name_bytes));
  return contract.mrc ? check_money(*contract.mrc) : Result<>();
}

bool has_clock(const Contract& contract) {
  return contract.state != Lifecycle::in_process && contract.state != Lifecycle::rejected;
}

Term in_history(const Contract& contract, Term term) {
  term.number += contract.first_term_number;
  return term;
}

ContractState clock_of(const Contract& contract) {
  auto plan = term_plan(contract.plan);
  assert(plan && contract.current_term);  // checked before it was stored
  auto term = *contract.current_term;
  term.number -= contract.first_term_number;
  return {.plan = *std::move(plan),
          .term = term,
          .early_lead = contract.early_lead,
          .phase = phase_of(contract.state),
          .decision = contract.decision,
          .last_day = contract.last_day,
          .snoozed_until = contract.snoozed_until,
          .last_lead = contract.last_lead_days.value_or(INT_MAX),
          .deadline_missed = contract.deadline_missed,
          .missed_in_stretch = contract.missed_in_stretch};
}

Contract with_clock(Contract contract, const ContractState& clock) {
  contract.state = lifecycle_of(clock);
  contract.term_phase = term_phase_of(clock);
  contract.current_term = in_history(contract, clock.term);
  const auto& deadline = clock.term.notice_deadline;
  contract.deadline_passes_at =
      deadline ? std::optional(first_instant(clock.plan.zone, *deadline + days{1})) : std::nullopt;
  contract.early_lead = clock.early_lead;
  contract.decision = clock.decision;
  contract.last_day = clock.last_day;
  contract.snoozed_until = clock.snoozed_until;
  contract.last_lead_days = clock.last_lead == INT_MAX ? std::nullopt : std::optional<std::int32_t>(clock.last_lead);
  contract.deadline_missed = clock.deadline_missed;
  contract.missed_in_stretch = clock.missed_in_stretch;
  return contract;
}

std::optional<Instant> due_next(const Contract& contract) {
  return has_clock(contract) ? next_due(clock_of(contract)) : std::nullopt;
}

Result<Created> create(const CreateContract& command, const Standing& standing, Instant now) {
  CHECK_OK(check_place(command, standing));
  Contract contract{.id = command.id.value_or(new_id<ContractId>(now)),
                    .number = command.number,
                    .account_id = command.account_id,
                    .location_id = command.location_id,
                    .carrier_id = command.carrier_id,
                    .carrier_name = command.carrier_name,
                    .mrc = command.mrc,
                    .plan = completed(command.plan),
                    .state = Lifecycle::in_process,
                    .early_lead = standing.early_lead,
                    .created_at = now,
                    .version = 1};
  contract.plan.time_zone = zone_for(command, standing);
  CHECK_OK(check_details(contract));
  CHECK_OK(check(contract.plan));
  if (!contract.plan.term_start) return Created{std::move(contract), {}, std::nullopt};
  const auto derived = derive(TRY(term_plan(contract.plan)), now, standing.early_lead);
  return Created{with_clock(std::move(contract), derived.state), derived.history, next_due(derived.state)};
}

Progress advance(const Contract& contract, Instant until) {
  if (!has_clock(contract)) return {{}, contract, std::nullopt};
  return progress_of(contract, advance(clock_of(contract), until));
}

Progress progress_of(Contract contract, const Advanced& advanced) {
  Progress progress{.contract = std::move(contract), .next_due = advanced.next_due};
  for (size_t index = 0; index < advanced.facts.size(); ++index) {
    progress.contract = with_clock(std::move(progress.contract), advanced.after[index]);
    ++progress.contract.version;
    Step step{advanced.facts[index], progress.contract};
    step.fact.term_number += progress.contract.first_term_number;
    if (step.fact.next_term) step.fact.next_term = in_history(progress.contract, *step.fact.next_term);
    if (advanced.mail && advanced.mail->fact == index) {
      step.mail = true;
      step.to_manager = advanced.mail->to_manager;
      step.to_sponsor = advanced.mail->to_sponsor;
    }
    progress.steps.push_back(std::move(step));
  }
  return progress;
}

}  // namespace holdfast::contracts
