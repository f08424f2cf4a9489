#include "contracts/app/contracts.h"
#include "contracts/app/hold_contract.h"
#include "contracts/store/contracts.sql.h"
#include "contracts/store/terms.sql.h"
#include "runtime/timers/timers.h"

namespace holdfast::contracts {
namespace {

// Its history goes on by the plan that it has, or is written anew by another.
Result<> follow_terms(events::UnitOfWork& work, const std::optional<Contract>& known, const Contract& contract) {
  const auto terms = terms_of(contract);
  if (terms.empty()) return {};
  if (known && known->current_term && known->plan != contract.plan) {
    const auto kept =
        TRY((work.transaction.maybe<Term>(statements::term_before, contract.id, *contract.plan.term_start)));
    rewrite_history(work, contract, terms, cut_by(contract.plan, kept));
    return {};
  }
  const auto last = known && known->current_term ? known->current_term->number : -1;
  for (const auto& term : terms) {
    if (term.number > last) work.transaction.defer(statements::insert_term, work.agency(), contract.id, term);
  }
  return {};
}

Result<> become(events::UnitOfWork& work, const std::optional<Contract>& known, const Contract& contract) {
  CHECK_OK(follow_terms(work, known, contract));
  work.transaction.defer(known ? statements::store_contract : statements::insert_contract, work.agency(), contract);
  return {};
}

// An amendment by which a contract has begun already says that without an entry in the ledger.
bool has_entry(const std::optional<Contract>& known, const Told& told) {
  if (!told.entry) return false;
  return told.entry->kind != FactKind::activated || (known && known->state == Lifecycle::approved);
}

Result<bool> is_taken(events::UnitOfWork& work, const std::optional<Contract>& known, const Contract& contract) {
  if (contract.number.empty() || (known && known->number == contract.number)) return false;
  const auto holder = TRY(
      (work.transaction.maybe<ContractId>(statements::holder_of_number, work.agency(), contract.number, contract.id)));
  return holder.has_value();
}

}  // namespace

Result<bool> take_back_contract(events::UnitOfWork& work, const Told& told, bool missing_is_lost) {
  const auto& contract = told.contract;
  auto known = TRY((work.transaction.maybe<Contract>(statements::lock_contract, contract.id)));
  const auto version = known ? known->version : 0;
  if (contract.version <= version) return true;
  if (!missing_is_lost && contract.version > version + 1) return false;
  if (TRY(is_taken(work, known, contract))) return false;
  if (told.before && told.before->version > version) {
    CHECK_OK(become(work, known, *told.before));
    known = told.before;
  }
  CHECK_OK(become(work, known, contract));
  if (has_entry(known, told)) {
    work.transaction.defer(statements::insert_entry, work.agency(), contract.id, *told.entry);
  }
  timers::Timers::set(work, term_timer, contract.id.uuid, due_next(contract));
  return true;
}

}  // namespace holdfast::contracts
