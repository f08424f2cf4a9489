#include "contracts/app/contracts.h"
#include "contracts/app/hold_contract.h"
#include "contracts/store/terms.sql.h"

namespace holdfast::contracts {
namespace {

Result<std::optional<Term>> term_before(events::UnitOfWork& work, const AmendContract& command,
                                        const WrittenPlan& plan) {
  if (!plan.term_start) return std::optional<Term>();
  return work.transaction.maybe<Term>(statements::term_before, command.id, *plan.term_start);
}

}  // namespace

void rewrite_history(events::UnitOfWork& work, const Contract& contract, const std::vector<Term>& terms,
                     const std::optional<Term>& cut) {
  const auto first_replaced = cut ? cut->number : contract.first_term_number;
  work.transaction.defer(statements::replace_terms_from, contract.id, first_replaced, contract.version);
  work.transaction.defer(statements::replace_entries_from, contract.id, contract.current_term->start, contract.version);
  if (cut) work.transaction.defer(statements::insert_term, work.agency(), contract.id, *cut);
  for (const auto& term : terms) {
    work.transaction.defer(statements::insert_term, work.agency(), contract.id, term);
  }
}

Result<Contract> amend_held(events::UnitOfWork& work, const Contract& before, const AmendContract& command) {
  const auto kept = TRY(term_before(work, command, amended_plan(before, command)));
  auto amended = TRY(amend(before, command, kept, work.now));
  if (!amended.terms.empty()) rewrite_history(work, amended.contract, amended.terms, amended.cut);
  work.publish(
      ContractAmended{amended.contract, before, amended.plan_changed ? Change::plan : Change::details, command.reason});
  if (amended.activated) {
    ++amended.contract.version;
    work.publish(ContractActivated{amended.contract});
  }
  return leave_contract(work, amended.contract, amended.next_due);
}

Result<Contract> amend_contract(events::UnitOfWork& work, const AmendContract& command) {
  return amend_held(work, TRY(hold_contract(work, command.id, command.etag)), command);
}

}  // namespace holdfast::contracts
