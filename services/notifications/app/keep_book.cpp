#include "notifications/app/book.h"
#include "notifications/store/book.sql.h"

namespace holdfast::notifications {

Result<> keep_agency(events::UnitOfWork& work, const Agency& agency) {
  work.transaction.defer(statements::keep_agency, work.agency(), agency);
  return {};
}

Result<> keep_staff(events::UnitOfWork& work, const Staff& staff) {
  work.transaction.defer(statements::keep_staff, work.agency(), staff);
  return {};
}

Result<> keep_account(events::UnitOfWork& work, const Account& account) {
  work.transaction.defer(statements::keep_account, work.agency(), account);
  return {};
}

Result<> keep_location(events::UnitOfWork& work, const Location& location) {
  work.transaction.defer(statements::keep_location, work.agency(), location);
  return {};
}

}  // namespace holdfast::notifications
