#include "accounts/app/accounts.h"
#include "accounts/app/status_of.h"
#include "accounts/domain/text.h"
#include "accounts/store/accounts.sql.h"

namespace holdfast::accounts {

Result<Location> add_location(events::UnitOfWork& work, const AddLocation& command) {
  const auto added = TRY(add(command, TRY(status_of(work, command.account_id)), work.now));
  const auto& location = added.location;
  CHECK_OK(work.transaction.exec(statements::insert_location, work.agency(), location, fold(location.name)));
  work.publish(added);
  return location;
}

}  // namespace holdfast::accounts
