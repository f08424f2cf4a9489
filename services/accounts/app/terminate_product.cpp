#include "accounts/app/hold_product.h"
#include "accounts/app/products.h"
#include "accounts/store/products.sql.h"
#include "runtime/calendar/zone.h"

namespace holdfast::accounts {

Result<Product> terminate_product(events::UnitOfWork& work, const TerminateProduct& command) {
  const auto before = TRY(hold_product(work, command.id));
  const auto zone_name =
      TRY((work.transaction.one<std::string>(statements::zone_of_product, work.agency(), before.location_id)));
  const auto zone = TRY(parse_zone(zone_name));
  const auto after = TRY(terminate(before, command, local_date(zone, work.now)));
  return leave_product(work, before, after, command.reason);
}

}  // namespace holdfast::accounts
