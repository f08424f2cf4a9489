#pragma once

#include <optional>
#include <vector>

#include "contracts/domain/amendment.h"
#include "contracts/domain/events.h"
#include "contracts/domain/history.h"

// What an event of ours says, for a database that has forgotten it.
namespace holdfast::contracts {

struct Told {
  Contract contract;                 // as it was when it had happened
  std::optional<Contract> before;    // of an amendment
  std::optional<LedgerEntry> entry;  // of what fell due
};

// `at` is the event's own instant.
Told told(const ContractCreated& fact, Instant at);
Told told(const ContractActivated& fact, Instant at);
Told told(const ContractAmended& fact, Instant at);
Told told(const ContractTerminated& fact, Instant at);
Told told(const ContractExpiring& fact, Instant at);
Told told(const NoticeDeadlineMissed& fact, Instant at);
Told told(const ContractRolled& fact, Instant at);
Told told(const ContractAutoRenewed& fact, Instant at);
Told told(const ContractExpired& fact, Instant at);
Told told(const NoticeSent& fact, Instant at);
Told told(const NoticeAcknowledged& fact, Instant at);

// The terms of its plan up to the current one, as they stand in the history: they follow from what a contract says of
// itself. None while it has none.
std::vector<Term> terms_of(const Contract& contract);

}  // namespace holdfast::contracts
