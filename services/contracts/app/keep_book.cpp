#include "contracts/app/contracts.h"
#include "contracts/store/book.sql.h"

namespace holdfast::contracts {

Result<> keep_account(events::UnitOfWork& work, const Account& account) {
  work.transaction.defer(statements::keep_account, work.agency(), account);
  return {};
}

Result<> keep_location(events::UnitOfWork& work, const Location& location) {
  work.transaction.defer(statements::keep_location, work.agency(), location);
  return {};
}

}  // namespace holdfast::contracts
