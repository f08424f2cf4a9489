#include "accounts/app/hold_carrier.h"

#include <algorithm>

#include "accounts/domain/text.h"
#include "accounts/store/carriers.sql.h"

namespace holdfast::accounts {

Result<HeldCarrier> hold_carrier(events::UnitOfWork& work, CarrierId id, const char* field) {
  auto carrier = TRY((work.transaction.maybe<Carrier>(statements::lock_carrier, id)));
  if (!carrier) return fail(Reason::carrier_not_found, field, "there is no carrier " + to_string(id));
  auto contacts = TRY((work.transaction.many<CarrierContact>(statements::contacts_of_carrier, work.agency(), id, "")));
  return HeldCarrier{*std::move(carrier), std::move(contacts)};
}

Result<HeldCarrier> hold_carrier_of(events::UnitOfWork& work, CarrierContactId contact) {
  const auto missing =
      fail(Reason::carrier_contact_not_found, "id", "there is no carrier contact " + to_string(contact));
  const auto carrier = TRY((work.transaction.maybe<CarrierId>(statements::carrier_of_contact, contact)));
  if (!carrier) return missing;
  auto held = TRY(hold_carrier(work, *carrier, "carrier_id"));
  // It may have been removed before the carrier was locked.
  if (std::ranges::find(held.contacts, contact, &CarrierContact::id) == held.contacts.end()) return missing;
  return held;
}

CarrierContact& contact_in(HeldCarrier& held, CarrierContactId id) {
  return *std::ranges::find(held.contacts, id, &CarrierContact::id);
}

Result<> leave_carrier(events::UnitOfWork& work, const Carrier& before, HeldCarrier after) {
  auto& carrier = after.carrier;
  carrier.version = before.version + 1;
  CHECK_OK(work.transaction.exec(statements::store_carrier, carrier, fold(carrier.name)));
  work.publish(CarrierChanged{std::move(carrier), std::move(after.contacts), before});
  return {};
}

}  // namespace holdfast::accounts
