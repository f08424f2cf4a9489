#include "contracts/app/contracts.h"
#include "contracts/store/orders.sql.h"
#include "runtime/sql/page.h"

namespace holdfast::contracts {

struct OrderPlace {
  OrderId id;
};

}  // namespace holdfast::contracts

template <>
struct holdfast::Fields<holdfast::contracts::OrderPlace> {
  static constexpr auto list = FieldList{Field{"id", &contracts::OrderPlace::id}};
};

namespace holdfast::contracts {

Result<OrderList> list_orders(sql::Transaction& transaction, const ListOrders& query) {
  const auto page = TRY(sql::page_of<OrderPlace>(query));
  const auto rows_of = [&](const auto&... arguments) { return transaction.many<Order>(arguments...); };
  OrderList list;
  list.orders =
      TRY(query.account_id ? rows_of(statements::list_orders_of_account, transaction.agency(), page.after, page.limit(),
                                     *query.account_id)
                           : rows_of(statements::list_orders, transaction.agency(), page.after, page.limit()));
  list.next_page_token = sql::next_page(page, list.orders, [](const Order& last) { return OrderPlace{last.id}; });
  return list;
}

}  // namespace holdfast::contracts
