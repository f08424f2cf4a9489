#include "accounts/app/products.h"
#include "accounts/store/products.sql.h"

namespace holdfast::accounts {

Result<Product> get_product(sql::Transaction& transaction, const GetProduct& query) {
  auto product = TRY((transaction.maybe<Product>(statements::load_product, query.id)));
  if (!product) return fail(Reason::product_not_found, "id", "there is no product " + to_string(query.id));
  return *std::move(product);
}

}  // namespace holdfast::accounts
