#include "accounts/app/products.h"
#include "accounts/app/status_of.h"
#include "accounts/domain/text.h"
#include "accounts/store/products.sql.h"

namespace holdfast::accounts {

Result<Product> add_product(events::UnitOfWork& work, const AddProduct& command) {
  const auto account = TRY(status_of(work, command.account_id));
  const auto surroundings = TRY((work.transaction.one<ProductSurroundings>(
      statements::load_product_surroundings, command.carrier_id, command.location_id, command.carrier_account_id)));
  auto product = TRY(add(command, account, surroundings, work.now));
  CHECK_OK(
      work.transaction.exec(statements::insert_product, work.agency(), product, identifier_key(product.circuit_id)));
  work.publish(ProductAdded{product});
  return product;
}

}  // namespace holdfast::accounts
