#pragma once

#include <atomic>

#include "runtime/core/time.h"

namespace holdfast {

// Where the time is asked for. Two are injected everywhere (design: two clocks): the business clock drives facts and
// timers and can be moved; the system clock drives leases, retries, tokens, signatures and retention.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;  // any thread
};

class SystemClock final : public Clock {
 public:
  Instant now() const override {
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  }
};

// A clock plus an offset that `holdfast clock` may move, forward only while a process runs. Without an offset it is
// the clock beneath.
class MovableClock final : public Clock {
 public:
  explicit MovableClock(const Clock& beneath) : beneath_(beneath) {}

  Instant now() const override { return beneath_.now() + Duration{offset_us_.load(std::memory_order_relaxed)}; }
  Duration offset() const { return Duration{offset_us_.load(std::memory_order_relaxed)}; }
  void set_offset(Duration offset) { offset_us_.store(offset.count(), std::memory_order_relaxed); }

 private:
  const Clock& beneath_;
  std::atomic<std::int64_t> offset_us_{0};
};

}  // namespace holdfast
