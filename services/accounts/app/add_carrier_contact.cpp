#include "accounts/app/carriers.h"
#include "accounts/app/hold_carrier.h"
#include "accounts/domain/text.h"
#include "accounts/store/carriers.sql.h"

namespace holdfast::accounts {

Result<CarrierContact> add_carrier_contact(events::UnitOfWork& work, const AddCarrierContact& command) {
  auto held = TRY(hold_carrier(work, command.carrier_id, "carrier_id"));
  if (held.contacts.size() >= max_carrier_contacts) {
    return fail(Reason::limit_reached, "a carrier has at most " + std::to_string(max_carrier_contacts) + " contacts");
  }
  auto contact = TRY(add(command, work.now));
  CHECK_OK(work.transaction.exec(statements::insert_carrier_contact, work.agency(), contact, fold(contact.function),
                                 fold(contact.name)));
  held.contacts.push_back(contact);
  const auto before = held.carrier;
  CHECK_OK(leave_carrier(work, before, std::move(held)));
  return contact;
}

}  // namespace holdfast::accounts
