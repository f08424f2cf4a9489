#include "accounts/app/carriers.h"
#include "accounts/app/hold_carrier.h"
#include "accounts/domain/change.h"
#include "accounts/store/carriers.sql.h"

namespace holdfast::accounts {

Result<> remove_carrier_contact(events::UnitOfWork& work, const RemoveCarrierContact& command) {
  auto held = TRY(hold_carrier_of(work, command.id));
  CHECK_OK(check_etag(contact_in(held, command.id), command.etag));
  work.transaction.defer(statements::remove_carrier_contact, command.id);
  std::erase_if(held.contacts, [&](const auto& contact) { return contact.id == command.id; });
  const auto before = held.carrier;
  return leave_carrier(work, before, std::move(held));
}

}  // namespace holdfast::accounts
