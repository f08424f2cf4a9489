#include "accounts/app/agencies.h"
#include "accounts/store/agencies.sql.h"

namespace holdfast::accounts {

Result<Staff> get_staff(sql::Transaction& transaction, const GetStaff& query) {
  auto staff = TRY((transaction.maybe<Staff>(statements::load_staff, query.id)));
  if (!staff) return fail(Reason::staff_not_found, "id", "there is no member of staff " + to_string(query.id));
  return *std::move(staff);
}

}  // namespace holdfast::accounts
