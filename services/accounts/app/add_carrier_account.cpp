#include "accounts/app/carriers.h"
#include "accounts/app/status_of.h"
#include "accounts/domain/text.h"
#include "accounts/store/carriers.sql.h"

namespace holdfast::accounts {

Result<CarrierAccount> add_carrier_account(events::UnitOfWork& work, const AddCarrierAccount& command) {
  const auto account = TRY(status_of(work, command.account_id));
  const auto carrier = TRY((work.transaction.maybe<Carrier>(statements::load_carrier, command.carrier_id)));
  if (!carrier) {
    return fail(Reason::carrier_not_found, "carrier_id", "there is no carrier " + to_string(command.carrier_id));
  }
  auto added = TRY(add(command, account, work.now));
  CHECK_OK(
      work.transaction.exec(statements::insert_carrier_account, work.agency(), added, identifier_key(added.number)));
  work.publish(CarrierAccountChanged{added, {}});
  return added;
}

}  // namespace holdfast::accounts
