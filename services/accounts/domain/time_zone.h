#pragma once

#include <string>

#include "runtime/calendar/zone.h"

namespace holdfast::accounts {

// The name of a zone that this machine's tzdata knows, as it is kept.
inline Result<std::string> read_time_zone(const char* field, const std::string& text) {
  if (text.empty()) return fail(Reason::field_required, field, "is required, as America/New_York");
  const auto zone = parse_zone(text);
  if (!zone) return fail(zone.error().reason, field, zone.error().message);
  return zone->text();
}

}  // namespace holdfast::accounts
