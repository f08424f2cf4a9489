#include "runtime/events/held_beginning.h"

namespace holdfast::events {

std::int64_t HeldBeginning::end(const std::vector<std::string>& held) {
  if (held != held_) {
    held_ = held;
    end_ = 0;
    seen_.reset();
  }
  return end_;
}

void HeldBeginning::looked(const Horizon& before, std::int64_t reached) {
  if (held_.empty()) return;
  const bool complete = seen_ && seen_->next_transaction <= before.oldest_transaction && seen_->reached <= reached;
  if (complete) end_ = seen_->reached;
  if (complete || !seen_) seen_ = Seen{reached, before.next_transaction};
}

}  // namespace holdfast::events
