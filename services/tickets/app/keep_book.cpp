#include "tickets/app/tickets.h"
#include "tickets/store/book.sql.h"

namespace holdfast::tickets {

Result<> keep_account(events::UnitOfWork& work, const Account& account) {
  work.transaction.defer(statements::keep_account, work.agency(), account);
  return {};
}

Result<> keep_location(events::UnitOfWork& work, const Location& location) {
  work.transaction.defer(statements::keep_location, work.agency(), location);
  return {};
}

Result<> keep_contact(events::UnitOfWork& work, const Contact& contact) {
  work.transaction.defer(statements::keep_contact, work.agency(), contact);
  return {};
}

Result<> keep_staff(events::UnitOfWork& work, const Staff& staff) {
  work.transaction.defer(statements::keep_staff, work.agency(), staff);
  return {};
}

}  // namespace holdfast::tickets
