#include "accounts/app/accounts.h"
#include "accounts/domain/text.h"
#include "accounts/store/accounts.sql.h"

namespace holdfast::accounts {

Result<Contact> change_contact(events::UnitOfWork& work, const ChangeContact& command) {
  const auto before = TRY((work.transaction.maybe<Contact>(statements::lock_contact, command.id)));
  if (!before) return fail(Reason::contact_not_found, "id", "there is no contact " + to_string(command.id));
  const auto locations =
      TRY((work.transaction.many<LocationId>(statements::own_locations, before->account_id, command.location_ids)));
  const auto after = TRY(change(*before, command, locations));
  if (after == *before) return after;
  CHECK_OK(work.transaction.exec(statements::store_contact, after, fold(after.name)));
  work.publish(ContactChanged{after, *before});
  return after;
}

}  // namespace holdfast::accounts
