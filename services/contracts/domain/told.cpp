#include "contracts/domain/told.h"

#include <algorithm>

namespace holdfast::contracts {
namespace {

// Something that fell due in the current term.
LedgerEntry fell_due(const Contract& contract, FactKind kind, Instant at) {
  const auto& term = *contract.current_term;
  return {.version = contract.version,
          .kind = kind,
          .term_number = term.number,
          .term_end = term.end.value_or(term.start),
          .effective_at = at};
}

// The term before has ended, and the current one began.
Told followed(const Contract& contract, FactKind kind, Date ended_on, Instant at) {
  auto entry = fell_due(contract, kind, at);
  --entry.term_number;
  entry.term_end = ended_on;
  return {contract, {}, entry};
}

}  // namespace

Told told(const ContractCreated& fact, Instant) { return {fact.contract, {}, {}}; }

Told told(const ContractActivated& fact, Instant at) {
  return {fact.contract, {}, fell_due(fact.contract, FactKind::activated, at)};
}

Told told(const ContractAmended& fact, Instant) { return {fact.contract, fact.before, {}}; }

Told told(const ContractTerminated& fact, Instant at) {
  auto entry = fell_due(fact.contract, FactKind::terminated, at);
  entry.term_end = fact.contract.last_day.value_or(entry.term_end);
  return {fact.contract, {}, entry};
}

Told told(const ContractExpiring& fact, Instant at) {
  auto entry = fell_due(fact.contract, FactKind::contract_expiring, at);
  entry.lead_days = fact.lead_days;
  entry.notice_deadline = fact.notice_deadline;
  entry.escalation = fact.escalation;
  entry.mail = fact.mail;
  entry.to_manager = fact.to_manager;
  entry.to_sponsor = fact.to_sponsor;
  return {fact.contract, {}, entry};
}

Told told(const NoticeDeadlineMissed& fact, Instant at) {
  auto entry = fell_due(fact.contract, FactKind::notice_deadline_missed, at);
  entry.notice_deadline = fact.notice_deadline;
  entry.mail = fact.mail;
  entry.to_manager = fact.to_manager;
  entry.to_sponsor = fact.to_sponsor;
  return {fact.contract, {}, entry};
}

Told told(const ContractRolled& fact, Instant at) {
  return followed(fact.contract, FactKind::rolled, fact.ended_on, at);
}

Told told(const ContractAutoRenewed& fact, Instant at) {
  return followed(fact.contract, FactKind::auto_renewed, fact.ended_on, at);
}

Told told(const ContractExpired& fact, Instant at) {
  return {fact.contract, {}, fell_due(fact.contract, FactKind::expired, at)};
}

Told told(const NoticeSent& fact, Instant) { return {fact.contract, {}, {}}; }
Told told(const NoticeAcknowledged& fact, Instant) { return {fact.contract, {}, {}}; }

std::vector<Term> terms_of(const Contract& contract) {
  if (!contract.current_term || !has_clock(contract)) return {};
  const auto clock = clock_of(contract);
  std::vector<Term> terms;
  const auto first = std::max(0, clock.term.number + 1 - Derived::history_limit);
  for (int number = first; number <= clock.term.number; ++number) {
    terms.push_back(in_history(contract, term(clock.plan, number)));
  }
  return terms;
}

}  // namespace holdfast::contracts
