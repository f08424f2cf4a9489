#pragma once

#include <atomic>

#include "runtime/core/clock.h"

namespace holdfast::testing {

// A clock that stands still until the test moves it. Any thread.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(Instant start) : now_us_(start.time_since_epoch().count()) {}

  Instant now() const override { return Instant{Duration{now_us_.load()}}; }
  void advance(Duration by) { now_us_ += by.count(); }
  void set(Instant now) { now_us_ = now.time_since_epoch().count(); }

 private:
  std::atomic<std::int64_t> now_us_;
};

}  // namespace holdfast::testing
