#pragma once

#include <chrono>

#include "tickets/domain/priority.h"

namespace holdfast::tickets {

// On which calendar a target is measured: every hour counts, or the hours of the location's service calendar.
enum class SlaHours { around_the_clock, service };

struct SlaTarget {
  std::chrono::minutes length;
  SlaHours hours;

  bool operator==(const SlaTarget&) const = default;
};

struct SlaPolicy {
  SlaTarget acknowledge;  // a human has answered
  SlaTarget next_update;  // the next word, and again after each
  SlaTarget restore;      // service is back

  bool operator==(const SlaPolicy&) const = default;
};

// A "business day" of R61, in open hours: our choice, so that it means the same work whatever the windows are.
constexpr std::chrono::minutes business_day = std::chrono::hours{8};

// What carriers are held to (R60). The rule gives lengths only; that p1 is measured around the clock and the others in
// service hours is our choice. A default: an agency may change it per carrier, tier or account.
SlaPolicy carrier_policy(Priority priority);
// What our own desk promises (R61): its own acknowledgement, and an update at the carrier's cadence but hourly at
// least. Service is back when the carrier restores it. A default as above.
SlaPolicy desk_policy(Priority priority, Lane lane);

}  // namespace holdfast::tickets
