#include "accounts/app/accounts.h"
#include "accounts/app/status_of.h"
#include "accounts/store/accounts.sql.h"

namespace holdfast::accounts {

Result<Contact> add_contact(events::UnitOfWork& work, const AddContact& command) {
  const auto added = TRY(add(command, TRY(status_of(work, command.account_id)), work.now));
  CHECK_OK(work.transaction.exec(statements::insert_contact, work.agency(), added.contact));
  work.publish(added);
  return added.contact;
}

}  // namespace holdfast::accounts
