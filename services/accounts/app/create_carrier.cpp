#include "accounts/app/carriers.h"
#include "accounts/domain/text.h"
#include "accounts/store/carriers.sql.h"

namespace holdfast::accounts {

Result<Carrier> create_carrier(events::UnitOfWork& work, const CreateCarrier& command) {
  auto carrier = TRY(create(command, work.now));
  CHECK_OK(work.transaction.exec(statements::insert_carrier, work.agency(), carrier, fold(carrier.name)));
  work.publish(CarrierChanged{carrier, {}, {}});
  return carrier;
}

}  // namespace holdfast::accounts
