#include "runtime/rpc/observer.h"

#include "runtime/log/traced.h"
#include "runtime/rpc/status.h"

namespace holdfast::rpc {
namespace {

constexpr auto requests_name = "holdfast_rpc_requests_total";
constexpr auto requests_help = "Calls answered, by method and gRPC status code.";

log::Level level_of(const Error& error) {
  if (error.is_outage()) return log::Level::warn;
  switch (error.code()) {
    case Code::internal:
      return log::Level::error;
    case Code::deadline:
    case Code::exhausted:
      return log::Level::warn;
    default:
      return log::Level::info;  // the caller's affair
  }
}

}  // namespace

MethodMetrics::MethodMetrics(const metrics::Registry& registry, const std::string& method)
    : succeeded_(registry.counter(requests_name, requests_help, {{"method", method}, {"code", "OK"}})),
      duration_(registry.histogram("holdfast_rpc_duration_seconds", "From a call's arrival to its answer.",
                                   metrics::latency_buckets_seconds(), {{"method", method}})) {
  for (int code = 0; code <= static_cast<int>(Code::internal); ++code) {
    const std::string name(code_name(static_cast<Code>(code)));
    failed_.push_back(registry.counter(requests_name, requests_help, {{"method", method}, {"code", name}}));
  }
}

void MethodMetrics::count(const Result<>& outcome, std::chrono::nanoseconds took) {
  if (outcome) {
    succeeded_.add();
  } else {
    failed_.at(static_cast<size_t>(outcome.error().code())).add();
  }
  duration_.observe(took);
}

void CallLog::write(const std::string& method, const Call& call, const Result<>& outcome,
                    std::chrono::nanoseconds took) {
  const log::Scope scope(call);
  const std::int64_t took_us = took.count() / 1000;
  if (outcome) {
    const auto write = sampled() || log::is_traced(call) ? &log::info : &log::debug;
    write("call answered", {{"method", method}, {"caller", call.who.id}, {"duration_us", took_us}});
    return;
  }
  const Error& error = outcome.error();
  const std::string_view code = code_name(error.code());
  const std::string_view reason = info(error.reason).upper;
  if (error.code() == Code::exhausted) {
    return overloaded_.warn("call refused", {{"method", method}, {"code", code}, {"reason", reason}});
  }
  if (error.code() == Code::unauthenticated) {
    return unauthenticated_.warn("call refused", {{"method", method}, {"code", code}, {"reason", reason}});
  }
  const std::string at = std::string(error.at.file_name()) + ":" + std::to_string(error.at.line());
  const log::Field fields[] = {{"method", method},      {"caller", call.who.id},  {"code", code},
                               {"reason", reason},      {"error", error.message}, {"at", at},
                               {"duration_us", took_us}};
  log::write(level_of(error), "call failed", fields);
}

// Each thread counts for itself: a counter that all threads share would cost more than the line saves.
bool CallLog::sampled() const {
  thread_local int since_last = 0;
  since_last = (since_last + 1) % success_line_interval_;
  return since_last == 0;
}

}  // namespace holdfast::rpc
