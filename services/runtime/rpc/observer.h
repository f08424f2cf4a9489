#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "runtime/core/call.h"
#include "runtime/core/result.h"
#include "runtime/log/log.h"
#include "runtime/metrics/metrics.h"

namespace holdfast::rpc {

// One method's numbers, resolved at start: an add and an observation a call.
class MethodMetrics {
 public:
  MethodMetrics(const metrics::Registry& registry, const std::string& method);

  void count(const Result<>& outcome, std::chrono::nanoseconds took);

 private:
  metrics::Counter succeeded_;
  std::vector<metrics::Counter> failed_;  // by Code
  metrics::Histogram duration_;
};

// Writes a line a call: failures at info, warn or error by whose fault they are; successes at debug, and one in
// `success_line_interval` of each thread at info, as are those whose caller keeps a trace of them. What a flood can
// cause is one line a second.
class CallLog {
 public:
  explicit CallLog(int success_line_interval) : success_line_interval_(success_line_interval) {}

  void write(const std::string& method, const Call& call, const Result<>& outcome, std::chrono::nanoseconds took);

 private:
  bool sampled() const;

  const int success_line_interval_;
  log::Repeated overloaded_{std::chrono::seconds(1)};
  log::Repeated unauthenticated_{std::chrono::seconds(1)};
};

}  // namespace holdfast::rpc
