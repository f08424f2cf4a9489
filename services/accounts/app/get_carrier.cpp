#include "accounts/app/carriers.h"
#include "accounts/store/carriers.sql.h"

namespace holdfast::accounts {

Result<Carrier> get_carrier(sql::Transaction& transaction, const GetCarrier& query) {
  auto carrier = TRY((transaction.maybe<Carrier>(statements::load_carrier, query.id)));
  if (!carrier) return fail(Reason::carrier_not_found, "id", "there is no carrier " + to_string(query.id));
  return *std::move(carrier);
}

}  // namespace holdfast::accounts
