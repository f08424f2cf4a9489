#pragma once

#include <string_view>

#include "runtime/core/call.h"

namespace holdfast::log {

// W3C trace context: whoever began this trace keeps it (the flag "sampled"), so that its lines will be looked for.
inline bool is_traced(const Call& call) {
  constexpr std::string_view odd = "13579bdf";
  return !call.traceparent.empty() && odd.find(call.traceparent.back()) != odd.npos;
}

}  // namespace holdfast::log
