#pragma once

#include <array>
#include <chrono>
#include <optional>

#include "notifications/domain/jitter.h"
#include "runtime/core/time.h"

namespace holdfast::notifications {

// How long we wait after the n-th failed attempt (R74): ten attempts over 68 h 36 m 10 s, then a dead letter.
constexpr std::array<std::chrono::seconds, 9> retry_delays = {
    std::chrono::seconds(10), std::chrono::minutes(1), std::chrono::minutes(5),
    std::chrono::minutes(30), std::chrono::hours(2),   std::chrono::hours(6),
    std::chrono::hours(12),   std::chrono::hours(24),  std::chrono::hours(24)};
constexpr int max_attempts = static_cast<int>(retry_delays.size()) + 1;
// What a subscriber's Retry-After may at most make us wait: the schedule's longest step.
constexpr std::chrono::seconds longest_retry_after = std::chrono::hours(24);

// What one attempt at a delivery came to.
struct Outcome {
  int status = 0;  // HTTP status; 0 when no answer came (refused, unreachable, too slow)
  std::optional<std::chrono::seconds> retry_after;  // as the subscriber asked; believed only beside 429 and 503
};

struct Verdict {
  enum class Kind {
    delivered,    // 2xx: nothing else is success
    retry,        // again at `retry_at`
    dead_letter,  // the schedule is used up: a person decides
    disable       // 410: the subscriber is gone for good; the subscription stops
  };
  Kind kind = Kind::delivered;
  Instant retry_at{};  // for retry only

  bool operator==(const Verdict&) const = default;
};

// What follows the attempt with this number (the first is 1) that ended at `now`. A redirect is a failure: the
// subscription names the address that was vetted, and no other.
Verdict after_attempt(int attempt_number, const Outcome& outcome, Instant now, const RandomFraction& random);

}  // namespace holdfast::notifications
