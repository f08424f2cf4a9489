#include "notifications/sending/target_limits.h"

#include <algorithm>
#include <cassert>

namespace holdfast::notifications {
namespace {

// Silent targets that are remembered; one that is forgotten counts as answering until its next attempt.
constexpr size_t max_remembered = 10'000;

}  // namespace

int TargetLimits::allowed(const std::string& target) const {
  const auto found = targets_.find(target);
  const auto known = found == targets_.end() ? Target{} : found->second;
  int left = std::min(workers_ - under_way_, (known.silent ? 1 : per_target_) - known.under_way);
  if (known.silent) left = std::min(left, workers_ / 2 - silent_under_way_);
  return std::max(left, 0);
}

void TargetLimits::begin(const std::string& target) {
  auto& known = targets_[target];
  ++known.under_way;
  ++under_way_;
  if (known.silent) ++silent_under_way_;
}

void TargetLimits::end(const std::string& target, bool answered) {
  const auto found = targets_.find(target);
  assert(found != targets_.end() && found->second.under_way > 0);
  auto& known = found->second;
  if (known.silent) silent_under_way_ -= known.under_way;
  --known.under_way;
  --under_way_;
  known.silent = !answered;
  if (known.silent) silent_under_way_ += known.under_way;
  const bool forget = known.under_way == 0 && (answered || targets_.size() > max_remembered);
  if (forget) targets_.erase(found);
}

}  // namespace holdfast::notifications
