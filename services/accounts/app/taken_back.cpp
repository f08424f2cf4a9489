#include "accounts/app/taken_back.h"

#include "accounts/domain/text.h"
#include "accounts/store/carriers.sql.h"
#include "accounts/store/taken_back.sql.h"

namespace holdfast::accounts {

Result<bool> take_back_staff(events::UnitOfWork& work, const Staff& staff) {
  return work.transaction.one<bool>(statements::take_back_staff, work.agency(), staff);
}

Result<bool> take_back_account(events::UnitOfWork& work, const Account& account) {
  return work.transaction.one<bool>(statements::take_back_account, work.agency(), account, fold(account.name),
                                    form_key(account.name));
}

Result<bool> take_back_location(events::UnitOfWork& work, const Location& location) {
  return work.transaction.one<bool>(statements::take_back_location, work.agency(), location, fold(location.name));
}

Result<bool> take_back_contact(events::UnitOfWork& work, const Contact& contact) {
  return work.transaction.one<bool>(statements::take_back_contact, work.agency(), contact, fold(contact.name));
}

Result<bool> take_back_carrier(events::UnitOfWork& work, const CarrierChanged& told) {
  const auto& carrier = told.carrier;
  const auto known = TRY((work.transaction.maybe<Carrier>(statements::lock_carrier, carrier.id)));
  if (known && known->version >= carrier.version) return true;
  const bool taken =
      TRY(work.transaction.one<bool>(statements::take_back_carrier, work.agency(), carrier, fold(carrier.name)));
  if (!taken) return false;
  work.transaction.defer(statements::forget_carrier_contacts, work.agency(), carrier.id);
  for (const auto& contact : told.contacts) {
    work.transaction.defer(statements::insert_carrier_contact, work.agency(), contact, fold(contact.function),
                           fold(contact.name));
  }
  return true;
}

Result<bool> take_back_carrier_account(events::UnitOfWork& work, const CarrierAccount& carrier_account) {
  return work.transaction.one<bool>(statements::take_back_carrier_account, work.agency(), carrier_account,
                                    identifier_key(carrier_account.number));
}

Result<bool> take_back_product(events::UnitOfWork& work, const Product& product) {
  return work.transaction.one<bool>(statements::take_back_product, work.agency(), product,
                                    identifier_key(product.circuit_id));
}

}  // namespace holdfast::accounts
