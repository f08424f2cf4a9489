#pragma once

#include "accounts/domain/carrier.h"
#include "runtime/events/unit_of_work.h"

// What every change of a carrier or of one of its contacts has in common: hold it, decide, store, publish it whole.
namespace holdfast::accounts {

struct HeldCarrier {
  Carrier carrier;
  std::vector<CarrierContact> contacts;
};

// A carrier and its contacts, locked until the commit. CARRIER_NOT_FOUND at `field`.
Result<HeldCarrier> hold_carrier(events::UnitOfWork& work, CarrierId id, const char* field);
// The carrier that has this contact. CARRIER_CONTACT_NOT_FOUND.
Result<HeldCarrier> hold_carrier_of(events::UnitOfWork& work, CarrierContactId contact);
// The contact of that id in a carrier that hold_carrier_of held.
CarrierContact& contact_in(HeldCarrier& held, CarrierContactId id);

// Stores the carrier as its next version and publishes it with its contacts.
Result<> leave_carrier(events::UnitOfWork& work, const Carrier& before, HeldCarrier after);

}  // namespace holdfast::accounts
