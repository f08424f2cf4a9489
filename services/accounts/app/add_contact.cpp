#include "accounts/app/accounts.h"
#include "accounts/app/status_of.h"
#include "accounts/domain/text.h"
#include "accounts/store/accounts.sql.h"

namespace holdfast::accounts {

Result<Contact> add_contact(events::UnitOfWork& work, const AddContact& command) {
  const auto account = TRY(status_of(work, command.account_id));
  const auto locations =
      TRY((work.transaction.many<LocationId>(statements::own_locations, command.account_id, command.location_ids)));
  const auto added = TRY(add(command, account, locations, work.now));
  const auto& contact = added.contact;
  CHECK_OK(work.transaction.exec(statements::insert_contact, work.agency(), contact, fold(contact.name)));
  work.publish(added);
  return contact;
}

}  // namespace holdfast::accounts
