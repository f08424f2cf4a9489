#include "accounts/app/agencies.h"
#include "accounts/app/store_key.h"
#include "accounts/store/agencies.sql.h"

namespace holdfast::accounts {

Result<AgencyId> agency_to_create(const Call& call, const CreateAgency& command) {
  if (call.who.kind != PrincipalKind::service) {
    return fail(Reason::permission_denied, "agencies are created by the installation itself");
  }
  return command.id.value_or(AgencyId{new_uuid()});
}

Result<NewAgency> create_agency(events::UnitOfWork& work, const CreateAgency& command) {
  const auto created = TRY(create(command, work.agency(), work.now));
  CHECK_OK(work.transaction.exec(statements::insert_agency, created.agency));
  work.transaction.defer(statements::insert_staff, work.agency(), created.staff);
  const auto key = store_key(work, {.name = "first key", .permissions = {"*"}});
  work.publish(StaffChanged{created.staff});
  return NewAgency{created.agency, created.staff, key.text};
}

}  // namespace holdfast::accounts
