#include "contracts/app/contracts.h"
#include "contracts/store/orders.sql.h"

namespace holdfast::contracts {

Result<> take_back_order(events::UnitOfWork& work, const Order& order) {
  const std::vector<Uuid> ids{order.id.uuid};
  const auto known = TRY((work.transaction.many<Order>(statements::lock_orders, work.agency(), ids)));
  if (!known.empty() && known.front().version >= order.version) return {};
  work.transaction.defer(statements::store_order, work.agency(), order);
  return {};
}

}  // namespace holdfast::contracts
