#pragma once

#include "accounts/domain/account.h"
#include "accounts/domain/agency.h"
#include "accounts/domain/carrier.h"
#include "accounts/domain/carrier_account.h"
#include "accounts/domain/contact.h"
#include "accounts/domain/location.h"
#include "accounts/domain/product.h"
#include "runtime/events/unit_of_work.h"

// What events of ours say, for a database that was restored and has forgotten it. Nothing is published: it was. Each
// answers whether the resource is here now in this version or a newer one; nothing is done and it is not while what it
// refers to is missing, or what only one may have is another's.
namespace holdfast::accounts {

Result<bool> take_back_staff(events::UnitOfWork& work, const Staff& staff);
Result<bool> take_back_account(events::UnitOfWork& work, const Account& account);
Result<bool> take_back_location(events::UnitOfWork& work, const Location& location);
Result<bool> take_back_contact(events::UnitOfWork& work, const Contact& contact);
// With all its contacts.
Result<bool> take_back_carrier(events::UnitOfWork& work, const CarrierChanged& told);
Result<bool> take_back_carrier_account(events::UnitOfWork& work, const CarrierAccount& carrier_account);
Result<bool> take_back_product(events::UnitOfWork& work, const Product& product);

}  // namespace holdfast::accounts
