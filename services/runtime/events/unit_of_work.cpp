#include "runtime/events/unit_of_work.h"

#include "runtime/log/log.h"

namespace holdfast::events::detail {

// What is committed has happened: a caller that were told of a failure here would do it again.
void run_guarded(const std::vector<std::function<void()>>& after_commit) {
  for (const auto& action : after_commit) {
    try {
      action();
    } catch (const std::exception& thrown) {
      log::error("an action after the commit threw", {{"error", thrown.what()}});
    }
  }
}

}  // namespace holdfast::events::detail
