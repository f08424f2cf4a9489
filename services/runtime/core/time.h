#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/core/result.h"

namespace holdfast {

// A point on the world's time line, UTC, in microseconds: what PostgreSQL keeps.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;
// A legal date: a calendar day without a zone. It becomes an instant only beside an IANA zone (runtime/calendar).
using Date = std::chrono::local_days;

// YYYY-MM-DD, a day that exists, years 1900 to 2200.
Result<Date> parse_date(std::string_view text);
std::string format_date(Date date);

// RFC 3339 in UTC: 2026-01-05T09:00:00Z, with up to six decimals of a second.
Result<Instant> parse_instant(std::string_view text);
std::string format_instant(Instant instant);

}  // namespace holdfast
