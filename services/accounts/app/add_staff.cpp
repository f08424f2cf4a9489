#include "accounts/app/agencies.h"
#include "accounts/store/agencies.sql.h"

namespace holdfast::accounts {

Result<Staff> add_staff(events::UnitOfWork& work, const AddStaff& command) {
  const auto agency = TRY(get_agency(work.transaction, {}));
  const auto added = TRY(add(command, agency, work.now));
  CHECK_OK(work.transaction.exec(statements::insert_staff, work.agency(), added.staff));
  work.publish(added);
  return added.staff;
}

}  // namespace holdfast::accounts
