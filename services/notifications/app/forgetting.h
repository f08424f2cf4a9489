#pragma once

#include <chrono>
#include <cstdint>

namespace holdfast::notifications {

// Rows that a transaction removes at most, so that none holds its locks for long; and how long the next waits.
constexpr std::int64_t forgotten_at_once = 1000;
constexpr std::chrono::seconds forgetting_pause{1};

}  // namespace holdfast::notifications
