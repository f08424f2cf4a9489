#include "runtime/app/ending.h"

namespace holdfast::app {

Ending::Ending(const std::vector<Part>& parts, std::function<void()> drain) {
  for (const auto& part : parts) part.request_stop();
  thread_ = std::jthread([this, parts, drain = std::move(drain)] { end(parts, drain); });
}

void Ending::end(const std::vector<Part>& parts, const std::function<void()>& drain) {
  drain();
  std::vector<std::jthread> stopping;
  for (const auto& part : parts) stopping.emplace_back(part.stop);
  stopping.clear();
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
}

bool Ending::wait_until(Deadline deadline) {
  std::unique_lock lock(mutex_);
  return changed_.wait_until(lock, deadline, [this] { return ended_; });
}

}  // namespace holdfast::app
