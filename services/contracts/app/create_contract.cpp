#include "contracts/app/contracts.h"
#include "contracts/app/hold_contract.h"
#include "contracts/store/book.sql.h"

namespace holdfast::contracts {

Result<Contract> create_contract(events::UnitOfWork& work, const CreateContract& command) {
  work.transaction.defer(statements::share_book, command.account_id);
  const auto standing =
      TRY((work.transaction.maybe<Standing>(statements::load_standing, command.account_id, command.location_id)));
  if (!standing) {
    return fail(Reason::account_not_found, "account_id", "there is no account " + to_string(command.account_id));
  }
  const auto created = TRY(create(command, *standing, work.now));
  enter_contract(work, created);
  return created.contract;
}

}  // namespace holdfast::contracts
