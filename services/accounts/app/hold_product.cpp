#include "accounts/app/hold_product.h"

#include "accounts/domain/text.h"
#include "accounts/store/products.sql.h"

namespace holdfast::accounts {

Result<Product> hold_product(events::UnitOfWork& work, ProductId id) {
  auto product = TRY((work.transaction.maybe<Product>(statements::lock_product, id)));
  if (!product) return fail(Reason::product_not_found, "id", "there is no product " + to_string(id));
  return *std::move(product);
}

Result<Product> leave_product(events::UnitOfWork& work, const Product& before, const Product& after,
                              const std::string& reason) {
  if (after == before) return after;
  CHECK_OK(work.transaction.exec(statements::store_product, after.id, after.location_id, after.carrier_account_id,
                                 after.circuit_id, after.btn, after.type, after.service, after.speed, after.mrc,
                                 after.nrc, after.installed_on, after.terminated_on, after.status,
                                 after.contract_number, after.contract_id, after.notes, after.version,
                                 identifier_key(after.circuit_id)));
  work.publish(ProductChanged{after, before});
  if (after.status != before.status) work.publish(ProductStateChanged{after, before.status, reason});
  return after;
}

}  // namespace holdfast::accounts
