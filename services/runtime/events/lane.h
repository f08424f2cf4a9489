#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

#include "runtime/core/result.h"
#include "runtime/events/event.h"

namespace holdfast::events {

// What a consumer has taken from a partition and not handled yet, in order.
struct Lane {
  struct Taken {
    std::int64_t offset;
    std::optional<Event> event;    // none: what is no event is passed over
    std::optional<Error> refused;  // why it is not handled but set aside
  };

  // How it goes with the first of them, for the handler whose turn it is.
  struct Trial {
    int timeouts = 0;
    int unknown = 0;  // what only a newer program knows
    int others = 0;   // without what is away, which is waited for
    std::chrono::milliseconds pause{50};
    std::chrono::steady_clock::time_point again_at{};
    std::optional<std::chrono::steady_clock::time_point> failing_since = std::nullopt;
  };

  std::deque<Taken> taken;
  size_t singly = 0;   // how many, from the first on, are handled one by one, since together they failed
  size_t handler = 0;  // the number of the handler whose turn it is with the first of those
  Trial trial;
  bool paused = false;  // Kafka brings us no more of this partition
};

}  // namespace holdfast::events
