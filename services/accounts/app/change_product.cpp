#include "accounts/app/hold_product.h"
#include "accounts/app/products.h"
#include "accounts/store/products.sql.h"

namespace holdfast::accounts {

Result<Product> change_product(events::UnitOfWork& work, const ChangeProduct& command) {
  const auto before = TRY(hold_product(work, command.id));
  const auto location = command.location_id ? command.location_id : before.location_id;
  const auto carrier_account = command.carrier_account_id ? command.carrier_account_id : before.carrier_account_id;
  const auto surroundings = TRY((work.transaction.one<ProductSurroundings>(
      statements::load_product_surroundings, before.carrier_id, location, carrier_account)));
  const auto after = TRY(change(before, command, surroundings));
  return leave_product(work, before, after, command.reason);
}

}  // namespace holdfast::accounts
