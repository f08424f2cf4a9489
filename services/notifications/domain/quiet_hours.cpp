#include "notifications/domain/quiet_hours.h"

#include <cassert>

namespace holdfast::notifications {
namespace {

bool is_quiet(Duration time_of_day, const QuietHours& quiet) {
  const bool begun = time_of_day >= quiet.begin;
  const bool over = time_of_day >= quiet.end;
  return quiet.begin <= quiet.end ? begun && !over : begun || !over;
}

}  // namespace

Instant may_send_from(Instant wanted, const ZoneName& zone, const QuietHours& quiet, Urgency urgency) {
  using std::chrono::days;
  assert(quiet.begin >= quiet.begin.zero() && quiet.begin < days(1) && quiet.end >= quiet.end.zero() &&
         quiet.end < days(1));
  const WallTime reading = wall_time(zone, wanted);
  const auto midnight = std::chrono::floor<days>(reading);
  if (urgency == Urgency::p1 || !is_quiet(reading - midnight, quiet)) return wanted;
  const bool ends_tomorrow = reading - midnight >= quiet.end;
  const WallTime end = midnight + days(ends_tomorrow ? 1 : 0) + quiet.end;
  // Where autumn shows the end twice, the first may already have passed.
  for (const Instant instant : instants_of(zone, end)) {
    if (instant >= wanted) return instant;
  }
  return first_instant_at(zone, end);
}

}  // namespace holdfast::notifications
