#include "contracts/app/contracts.h"
#include "contracts/domain/events.h"
#include "contracts/store/book.sql.h"
#include "contracts/store/contracts.sql.h"
#include "contracts/store/terms.sql.h"
#include "runtime/timers/timers.h"

namespace holdfast::contracts {

Result<Contract> create_contract(events::UnitOfWork& work, const CreateContract& command) {
  const auto standing =
      TRY((work.transaction.maybe<Standing>(statements::load_standing, command.account_id, command.location_id)));
  if (!standing) {
    return fail(Reason::account_not_found, "account_id", "there is no account " + to_string(command.account_id));
  }
  const auto created = TRY(create(command, *standing, work.now));
  const auto& contract = created.contract;
  TRY(work.transaction.exec(statements::insert_contract, work.agency(), contract));
  for (const auto& term : created.terms) {
    work.transaction.defer(statements::insert_term, work.agency(), contract.id, term);
  }
  timers::Timers::set(work, term_timer, contract.id.uuid, created.next_due);
  work.publish(ContractCreated{contract});
  return contract;
}

}  // namespace holdfast::contracts
