#include "runtime/metrics/readiness.h"

#include <cassert>

namespace holdfast::metrics {

Registration Readiness::require(const std::string& name, std::function<Result<>()> check) {
  const std::lock_guard lock(mutex_);
  [[maybe_unused]] const bool is_new = checks_.emplace(name, std::move(check)).second;
  assert(is_new);
  return Registration([this, name] {
    const std::lock_guard unlock(mutex_);
    checks_.erase(name);
  });
}

Readiness::Report Readiness::report() const {
  const bool draining = draining_.load(std::memory_order_relaxed);
  Report report{!draining, draining, {}};
  const std::lock_guard lock(mutex_);
  for (const auto& [name, check] : checks_) {
    const auto result = check();
    report.ready = report.ready && result;
    report.checks.push_back({name, result.has_value(), result ? "" : result.error().message});
  }
  return report;
}

}  // namespace holdfast::metrics
