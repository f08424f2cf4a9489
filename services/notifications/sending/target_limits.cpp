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
  const int slow = under_way(Standing::slow), not_prompt = slow + under_way(Standing::unknown);
  int left = std::min(workers_ - not_prompt - under_way(Standing::prompt), most - known.under_way);
  if (known.standing != Standing::prompt) left = std::min(left, workers_ * 3 / 4 - not_prompt);
  if (known.standing == Standing::slow) left = std::min(left, workers_ / 2 - slow);
  return std::max(left, 0);
}

void TargetLimits::begin(const std::string& target) {
  auto& known = targets_[target];
  ++known.under_way;
  count(known.standing, 1);
}

void TargetLimits::end(const std::string& target, bool promptly) {
  const auto found = targets_.find(target);
  assert(found != targets_.end() && found->second.under_way > 0);
  auto& known = found->second;
  count(known.standing, -known.under_way);
  --known.under_way;
  known.standing = promptly ? Standing::prompt : Standing::slow;
  count(known.standing, known.under_way);
  if (known.under_way == 0 && targets_.size() > max_remembered) targets_.erase(found);
}

}  // namespace holdfast::notifications
