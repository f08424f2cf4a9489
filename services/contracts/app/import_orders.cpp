#include "contracts/app/contracts.h"
#include "contracts/app/fingerprints.h"
#include "contracts/store/orders.sql.h"
#include "runtime/core/limits.h"

namespace holdfast::contracts {
namespace {

// Stores the order as the next version of what is there.
void store(events::UnitOfWork& work, std::map<Uuid, Order>& known, Order order) {
  const auto before = known.find(order.id.uuid);
  const bool is_new = before == known.end();
  order.version = is_new ? 1 : before->second.version + 1;
  work.transaction.defer(statements::store_order, work.agency(), order);
  work.publish(OrderStateChanged{order, is_new ? std::nullopt : std::optional(before->second.state)});
  known.insert_or_assign(order.id.uuid, std::move(order));
}

}  // namespace

Result<Verdicts> import_orders(events::UnitOfWork& work, const ImportOrders& command) {
  if (command.orders.size() > max_import_rows) return too_many("orders", max_import_rows, "rows");
  std::vector<Uuid> ids;
  for (const auto& order : command.orders) ids.push_back(order.id.uuid);
  std::map<Uuid, Order> known;
  auto locked = TRY((work.transaction.many<Order>(statements::lock_orders, work.agency(), ids)));
  for (auto& order : locked) {
    known.emplace(order.id.uuid, std::move(order));
  }
  auto fingerprints = TRY(fingerprints_of(work, ids));
  Verdicts answer;
  for (auto order : command.orders) {
    const auto& id = order.id.uuid;
    order.version = 0;
    const auto fingerprint = fingerprint_of(order);
    const auto before = fingerprints.find(id);
    if (before != fingerprints.end() && before->second == fingerprint) {
      answer.verdicts.push_back({id, Verdict::unchanged});
      continue;
    }
    if (const auto sound = check(order); !sound) {
      answer.verdicts.push_back(rejected_row(id, sound.error()));
      continue;
    }
    answer.verdicts.push_back({id, known.contains(id) ? Verdict::updated : Verdict::created});
    store(work, known, order);
    keep_fingerprint(work, id, fingerprint);
    fingerprints[id] = fingerprint;
  }
  return answer;
}

}  // namespace holdfast::contracts
