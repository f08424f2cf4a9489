#include "accounts/app/accounts.h"
#include "accounts/domain/text.h"
#include "accounts/store/accounts.sql.h"

namespace holdfast::accounts {

Result<Location> change_location(events::UnitOfWork& work, const ChangeLocation& command) {
  const auto before = TRY((work.transaction.maybe<Location>(statements::lock_location, command.id)));
  if (!before) return fail(Reason::location_not_found, "id", "there is no location " + to_string(command.id));
  const auto live_products = TRY((work.transaction.one<std::int64_t>(statements::live_products, command.id)));
  const auto after = TRY(change(*before, command, live_products));
  if (after == *before) return after;
  CHECK_OK(work.transaction.exec(statements::store_location, after, fold(after.name)));
  work.publish(LocationChanged{after, *before});
  return after;
}

}  // namespace holdfast::accounts
