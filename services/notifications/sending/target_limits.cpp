#include "notifications/sending/target_limits.h"

#include <algorithm>
#include <cassert>

namespace holdfast::notifications {
namespace {

// One that is forgotten is unknown again.
constexpr size_t max_remembered = 10'000;

}  // namespace

int TargetLimits::allowed(const std::string& target) const {
  const auto found = targets_.find(target);
  const auto known = found == targets_.end() ? Target{} : found->second;
  const int most = known.standing == Standing::prompt ? per_target_ : 1;
  int left = std::min(workers_ - under_way_, most - known.under_way);
  if (known.standing == Standing::slow) left = std::min(left, workers_ / 2 - slow_under_way_);
  return std::max(left, 0);
}

void TargetLimits::begin(const std::string& target) {
  auto& known = targets_[target];
  ++known.under_way;
  ++under_way_;
  if (known.standing == Standing::slow) ++slow_under_way_;
}

void TargetLimits::end(const std::string& target, bool promptly) {
  const auto found = targets_.find(target);
  assert(found != targets_.end() && found->second.under_way > 0);
  auto& known = found->second;
  if (known.standing == Standing::slow) slow_under_way_ -= known.under_way;
  --known.under_way;
  --under_way_;
  known.standing = promptly ? Standing::prompt : Standing::slow;
  if (known.standing == Standing::slow) slow_under_way_ += known.under_way;
  if (known.under_way == 0 && targets_.size() > max_remembered) targets_.erase(found);
}

}  // namespace holdfast::notifications
