#include "runtime/events/unit_of_work.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "runtime/core/mutant.h"
#include "runtime/events/mutants.sql.h"
#include "runtime/log/log.h"

namespace holdfast::events {

void UnitOfWork::take(UnitOfWork& part) {
  std::ranges::move(part.published, std::back_inserter(published));
  std::ranges::move(part.after_commit, std::back_inserter(after_commit));
  std::ranges::move(part.hints, std::back_inserter(hints));
  for (auto& [copies, keys] : part.drops) std::ranges::move(keys, std::back_inserter(drops[copies]));
  due.append(part.due);
}

Result<> UnitOfWork::write_last() {
  due.write(transaction);
  for (auto& [copies, keys] : drops) {
    std::ranges::sort(keys);
    keys.erase(std::ranges::unique(keys).begin(), keys.end());
    hints.push_back([copies = copies, keys = std::move(keys)] { copies->drop(keys); });
  }
  drops.clear();
  if (mutant("outbox.transaction_of_its_own")) transaction.defer(statements::commit_so_far);
  if (mutant("cache.dropped_before_commit")) detail::run_guarded(std::exchange(hints, {}));
  return Outbox::append(transaction, published);
}

namespace detail {

// What is committed has happened: a caller that were told of a failure here would do it again.
void run_guarded(const std::vector<std::function<void()>>& actions) {
  for (const auto& action : actions) {
    try {
      action();
    } catch (const std::exception& thrown) {
      log::error("an action after the commit threw", {{"error", thrown.what()}});
    }
  }
}

}  // namespace detail
}  // namespace holdfast::events
