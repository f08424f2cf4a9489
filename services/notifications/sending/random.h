#pragma once

#include <random>

namespace holdfast::notifications {

// In [0, 1): what jitter is made of. Any thread.
inline double random_fraction() {
  thread_local std::minstd_rand engine{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(engine);
}

}  // namespace holdfast::notifications
