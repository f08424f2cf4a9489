#include "accounts/app/carriers.h"
#include "accounts/app/hold_carrier.h"
#include "accounts/domain/text.h"
#include "accounts/store/carriers.sql.h"

namespace holdfast::accounts {

Result<CarrierContact> change_carrier_contact(events::UnitOfWork& work, const ChangeCarrierContact& command) {
  auto held = TRY(hold_carrier_of(work, command.id));
  auto& kept = contact_in(held, command.id);
  auto contact = TRY(change(kept, command));
  if (contact == kept) return contact;
  kept = contact;
  CHECK_OK(
      work.transaction.exec(statements::store_carrier_contact, contact, fold(contact.function), fold(contact.name)));
  const auto before = held.carrier;
  CHECK_OK(leave_carrier(work, before, std::move(held)));
  return contact;
}

}  // namespace holdfast::accounts
