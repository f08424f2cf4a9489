#pragma once

#include <string_view>

#include "runtime/calendar/zone.h"
#include "runtime/core/time.h"

// Dates, moments and zones as a test writes them; what cannot be read is a fault of the test.
namespace holdfast {

inline Date date(std::string_view text) { return *parse_date(text); }
inline Instant at(std::string_view text) { return *parse_instant(text); }
inline ZoneName zone(std::string_view name) { return *parse_zone(name); }

}  // namespace holdfast
