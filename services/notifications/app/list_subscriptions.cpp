#include "notifications/app/ledger_place.h"
#include "notifications/app/subscriptions.h"
#include "notifications/store/subscriptions.sql.h"

namespace holdfast::notifications {

Result<SubscriptionList> list_subscriptions(sql::Transaction& transaction, const ListSubscriptions& query) {
  const auto page = TRY(sql::page_of<LedgerPlace>(query));
  SubscriptionList list;
  list.subscriptions = TRY(
      (transaction.many<Subscription>(statements::list_subscriptions, transaction.agency(), page.after, page.limit())));
  list.next_page_token =
      sql::next_page(page, list.subscriptions, [](const Subscription& last) { return LedgerPlace{last.id.uuid}; });
  return list;
}

}  // namespace holdfast::notifications
