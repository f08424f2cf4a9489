#pragma once

#include "contracts/domain/amendment.h"
#include "contracts/domain/decisions.h"
#include "contracts/domain/events.h"
#include "runtime/events/unit_of_work.h"

// What every change of a contract has in common: hold it, decide, publish, leave it.
namespace holdfast::contracts {

// Locks the contract, checks what the caller saw, and lets everything fall due that has by now: said, in its order,
// before what is about to change. CONTRACT_NOT_FOUND, ETAG_STALE.
Result<Contract> hold_contract(events::UnitOfWork& work, ContractId id, const std::string& etag = "");

// Writes what fell due to the ledger and the history, and publishes it.
void record(events::UnitOfWork& work, const Progress& progress);

// Stores the contract and when it is due next.
Result<Contract> leave_contract(events::UnitOfWork& work, const Contract& contract, std::optional<Instant> next_due);

// A new contract with the terms that it has had, published.
void enter_contract(events::UnitOfWork& work, const Created& created);

// What a contract's new plan replaces in the history and the ledger is kept there, marked.
void rewrite_history(events::UnitOfWork& work, const Contract& contract, const std::vector<Term>& terms,
                     const std::optional<Term>& cut);

// The rest of an amendment. When it is refused nothing has been written.
Result<Contract> amend_held(events::UnitOfWork& work, const Contract& before, const AmendContract& command);

// The three of them around a decision of domain/decisions.h: `publish(before, after)` tells what was decided.
template <class Command, class Publish>
Result<Contract> decide_on(events::UnitOfWork& work, const Command& command, Publish publish) {
  const auto before = TRY(hold_contract(work, command.id, command.etag));
  const auto decided = TRY(decide(before, command, work.now));
  publish(before, decided.contract);
  record(work, decided.progress);
  return leave_contract(work, decided.progress.contract, decided.progress.next_due);
}

}  // namespace holdfast::contracts
