#include "notifications/app/deliveries.h"
#include "notifications/app/ledger_place.h"
#include "notifications/store/deliveries.sql.h"

namespace holdfast::notifications {

Result<DeliveryList> list_deliveries(sql::Transaction& transaction, const ListDeliveries& query) {
  const auto page = TRY(sql::page_of<LedgerPlace>(query, newest()));
  DeliveryList list;
  list.deliveries = TRY((transaction.many<Delivery>(statements::list_deliveries, transaction.agency(), page.after,
                                                    page.limit(), query.subscription_id, query.state)));
  list.next_page_token =
      sql::next_page(page, list.deliveries, [](const Delivery& last) { return LedgerPlace{last.id.uuid}; });
  return list;
}

}  // namespace holdfast::notifications
