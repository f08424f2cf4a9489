#include "accounts/app/agencies.h"
#include "accounts/app/carriers.h"
#include "accounts/domain/text.h"
#include "accounts/store/carriers.sql.h"

namespace holdfast::accounts {

Result<CarrierContactList> list_carrier_contacts(sql::Transaction& transaction, const ListCarrierContacts& query,
                                                 Instant now) {
  const auto carrier = TRY((transaction.maybe<Carrier>(statements::load_carrier, query.carrier_id)));
  if (!carrier) {
    return fail(Reason::carrier_not_found, "carrier_id", "there is no carrier " + to_string(query.carrier_id));
  }
  const auto agency = TRY(get_agency(transaction, {}));
  const auto zone = TRY(parse_zone(agency.time_zone));
  const auto contacts = TRY((transaction.many<CarrierContact>(statements::contacts_of_carrier, transaction.agency(),
                                                              query.carrier_id, fold(query.function))));
  return CarrierContactList{contacts_at(contacts, zone, query.at.value_or(now))};
}

}  // namespace holdfast::accounts
