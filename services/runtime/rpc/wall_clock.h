#pragma once

#include <chrono>

#include "runtime/core/call.h"

namespace holdfast::rpc {

// gRPC takes its deadlines by the system's clock; a step of that clock meanwhile moves them.
inline std::chrono::system_clock::time_point on_wall_clock(Deadline deadline) {
  const auto left = deadline - std::chrono::steady_clock::now();
  return std::chrono::system_clock::now() + std::chrono::duration_cast<std::chrono::system_clock::duration>(left);
}

}  // namespace holdfast::rpc
