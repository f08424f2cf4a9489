#pragma once

#include <functional>

#include "runtime/core/time.h"

namespace holdfast::notifications {

// Numbers in [0, 1): the caller's source, so that a test decides and production spreads.
using RandomFraction = std::function<double()>;

// Jitter only lengthens a delay, by up to this share of it: what failed together does not come back together, and
// nothing comes back sooner than its schedule promises.
constexpr double jitter_share = 0.1;

inline Duration with_jitter(Duration delay, const RandomFraction& random) {
  return delay + Duration{static_cast<Duration::rep>(static_cast<double>(delay.count()) * jitter_share * random())};
}

}  // namespace holdfast::notifications
