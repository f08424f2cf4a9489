#pragma once

#include <chrono>

#include "runtime/calendar/zone.h"
#include "runtime/core/time.h"

namespace holdfast::notifications {

// When nobody wants to hear from us, by the recipient's own clock (R70). `begin` itself is quiet, `end` is not; equal
// times mean no quiet hours.
struct QuietHours {
  std::chrono::minutes begin = std::chrono::hours(19);  // since midnight, below 24 h
  std::chrono::minutes end = std::chrono::hours(8);
};

// A P1 (a site is down) is told at once, at any hour.
enum class Urgency { ordinary, p1 };

// The first instant from `wanted` on at which the message may go to a recipient in `zone`: `wanted` itself outside
// quiet hours, else their end. A message is delayed by this rule, never dropped.
Instant may_send_from(Instant wanted, const ZoneName& zone, const QuietHours& quiet, Urgency urgency);

}  // namespace holdfast::notifications
