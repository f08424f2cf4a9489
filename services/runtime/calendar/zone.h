#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/result.h"
#include "runtime/core/time.h"

namespace holdfast {

// What a clock on the wall shows: a date and a time of day that say nothing without a zone.
using WallTime = std::chrono::local_time<std::chrono::microseconds>;

// One stretch of constant difference from UTC, [begin, end). A zone is a contiguous list of them.
struct OffsetSpan {
  Instant begin;
  Instant end;
  std::chrono::seconds offset;
};

// The name of an IANA time zone that this machine's tzdata holds. Checked when made, cheap to copy, any thread.
// There is no default zone: a date without its zone is a mistake that a default would hide.
class ZoneName {
 public:
  const std::string& text() const;
  bool operator==(const ZoneName& other) const { return text() == other.text(); }

 private:
  struct Rules;
  friend Result<ZoneName> parse_zone(std::string_view text);
  friend std::span<const OffsetSpan> spans_between(const ZoneName& zone, Instant from, Instant to);
  explicit ZoneName(const Rules* rules) : rules_(rules) {}

  const Rules* rules_;  // loaded once a process, never freed
};

// "America/New_York", at most 64 characters, upper and lower case as tzdata has them; links such as "US/Eastern" count.
// The first use of a zone reads its file (under a millisecond); a name that tzdata does not hold costs one stat, and no
// memory. Any thread.
Result<ZoneName> parse_zone(std::string_view text);

// The stretches that overlap [from, to), in order. Never empty when from < to: before 1900 and after 2200 the offset of
// that edge holds on.
std::span<const OffsetSpan> spans_between(const ZoneName& zone, Instant from, Instant to);

WallTime wall_time(const ZoneName& zone, Instant instant);
Date local_date(const ZoneName& zone, Instant instant);

// The instants at which the zone's clock shows `reading`: one; none in the hour that spring skips; two in the hour that
// autumn doubles, the earlier one first.
std::vector<Instant> instants_of(const ZoneName& zone, WallTime reading);
// The first instant at which the clock shows `reading` or later: the end of the gap when the reading is skipped, the
// earlier one when it is doubled.
Instant first_instant_at(const ZoneName& zone, WallTime reading);
// The first instant of a local date. Not always 00:00, and on a date that a zone left out (Samoa, 2011-12-30) the first
// instant of the next.
Instant first_instant(const ZoneName& zone, Date date);
// The latest date whose first instant has come. It is local_date, but never goes back: where a clock is put back over
// midnight (St. John's until 2011) the local date does, and no term may begin twice.
Date begun_date(const ZoneName& zone, Instant instant);

// Which tzdata is installed, such as "2025b"; "unknown" when the package does not say. Whoever keeps instants that were
// worked out from a zone keeps this beside them, and works them out again when it changes. Reads a file.
std::string tzdata_version();

}  // namespace holdfast
