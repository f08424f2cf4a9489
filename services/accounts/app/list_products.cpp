#include "accounts/app/products.h"
#include "accounts/store/products.sql.h"
#include "runtime/sql/page.h"

namespace holdfast::accounts {

struct ProductPlace {
  ProductId id;
};

}  // namespace holdfast::accounts

template <>
struct holdfast::Fields<holdfast::accounts::ProductPlace> {
  static constexpr auto list = FieldList{Field{"id", &accounts::ProductPlace::id}};
};

namespace holdfast::accounts {
namespace {

// A location's products are found among its account's.
Result<std::optional<AccountId>> account_asked_for(sql::Transaction& transaction, const ListProducts& query) {
  if (query.account_id || !query.location_id) return query.account_id;
  auto account = TRY((transaction.maybe<AccountId>(statements::account_of_location, *query.location_id)));
  if (account) return account;
  return fail(Reason::location_not_found, "location_id", "there is no location " + to_string(*query.location_id));
}

}  // namespace

Result<ProductList> list_products(sql::Transaction& transaction, const ListProducts& query) {
  const auto page = TRY(sql::page_of<ProductPlace>(query));
  const auto account = TRY(account_asked_for(transaction, query));
  const auto rows_of = [&](const sql::Statement& statement, const auto&... arguments) {
    return transaction.many<Product>(statement, transaction.agency(), page.after, page.limit(), query.status,
                                     arguments...);
  };
  ProductList list;
  if (account) {
    list.products = TRY(rows_of(statements::list_products_of_account, *account, query.carrier_id, query.location_id));
  } else if (query.carrier_id) {
    list.products = TRY(rows_of(statements::list_products_of_carrier, *query.carrier_id));
  } else {
    list.products = TRY(rows_of(statements::list_products));
  }
  list.next_page_token = sql::next_page(page, list.products, [](const Product& last) { return ProductPlace{last.id}; });
  return list;
}

}  // namespace holdfast::accounts
