#include "contracts/app/hold_contract.h"

#include "contracts/app/contracts.h"
#include "contracts/domain/history.h"
#include "contracts/store/contracts.sql.h"
#include "contracts/store/terms.sql.h"
#include "runtime/core/etag.h"
#include "runtime/timers/timers.h"

namespace holdfast::contracts {
namespace {

void publish_expiring(events::UnitOfWork& work, const Step& step) {
  const auto& fact = step.fact;
  const Date today = begun_date(clock_of(step.contract).plan.zone, work.now);
  const auto days_left = static_cast<std::int32_t>((*fact.notice_deadline - today).count());
  work.publish(ContractExpiring{step.contract, fact.lead_days, *fact.notice_deadline, days_left, fact.escalation,
                                step.mail, step.to_manager, step.to_sponsor},
               fact.effective);
}

void publish_missed(events::UnitOfWork& work, const Step& step) {
  const auto bound = bound_until(clock_of(step.contract));
  work.publish(NoticeDeadlineMissed{step.contract, *step.fact.notice_deadline, bound, step.mail, step.to_manager,
                                    step.to_sponsor},
               step.fact.effective);
}

void publish(events::UnitOfWork& work, const Step& step) {
  const auto& [fact, contract, mail, to_manager, to_sponsor] = step;
  switch (fact.kind) {
    case FactKind::contract_expiring:
      return publish_expiring(work, step);
    case FactKind::notice_deadline_missed:
      return publish_missed(work, step);
    case FactKind::rolled:
      return work.publish(ContractRolled{contract, fact.term_end}, fact.effective);
    case FactKind::auto_renewed:
      return work.publish(ContractAutoRenewed{contract, fact.term_end}, fact.effective);
    case FactKind::expired:
      return work.publish(ContractExpired{contract}, fact.effective);
    case FactKind::terminated:
      return work.publish(ContractTerminated{contract}, fact.effective);
    case FactKind::activated:
      return work.publish(ContractActivated{contract}, fact.effective);
  }
}

}  // namespace

Result<Contract> hold_contract(events::UnitOfWork& work, ContractId id, const std::string& etag) {
  const auto contract = TRY((work.transaction.maybe<Contract>(statements::lock_contract, id)));
  if (!contract) return fail(Reason::contract_not_found, "id", "there is no contract " + to_string(id));
  CHECK_OK(check_etag(*contract, etag));
  auto progress = advance(*contract, work.now);
  record(work, progress);
  return std::move(progress.contract);
}

void record(events::UnitOfWork& work, const Progress& progress) {
  for (const auto& step : progress.steps) {
    const auto id = step.contract.id;
    work.transaction.defer(statements::insert_entry, work.agency(), id, entry_of(step));
    if (step.fact.next_term) {
      work.transaction.defer(statements::insert_term, work.agency(), id, *step.fact.next_term);
    }
    publish(work, step);
  }
}

void enter_contract(events::UnitOfWork& work, const Created& created) {
  const auto& contract = created.contract;
  work.transaction.defer(statements::insert_contract, work.agency(), contract);
  for (const auto& term : created.terms) {
    work.transaction.defer(statements::insert_term, work.agency(), contract.id, term);
  }
  timers::Timers::set(work, term_timer, contract.id.uuid, created.next_due);
  work.publish(ContractCreated{contract});
}

Result<Contract> leave_contract(events::UnitOfWork& work, const Contract& contract, std::optional<Instant> next_due) {
  TRY(work.transaction.exec(statements::store_contract, work.agency(), contract));
  timers::Timers::set(work, term_timer, contract.id.uuid, next_due);
  return contract;
}

}  // namespace holdfast::contracts
