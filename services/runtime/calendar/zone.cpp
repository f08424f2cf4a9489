#include "runtime/calendar/zone.h"

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace holdfast {

struct ZoneName::Rules {
  std::string name;
  std::vector<OffsetSpan> spans;
};

namespace {

using namespace std::chrono;

constexpr size_t name_limit = 64;
// Half of the range, so that adding an offset cannot overflow.
constexpr Instant far_past{Duration::min() / 2};
constexpr Instant far_future{Duration::max() / 2};
// The dates that core accepts.
constexpr int earliest_year = 1900;
constexpr int latest_year = 2200;
// No zone is further than this from UTC.
constexpr hours widest_offset{26};

// Where Abseil looks as well.
std::filesystem::path zoneinfo_folder() {
  const char* folder = std::getenv("TZDIR");
  return folder != nullptr && *folder != '\0' ? folder : "/usr/share/zoneinfo";
}

// Names that name a place. Kept out: paths, this machine's own zone, tzdata's duplicates with and without leap seconds.
bool is_plausible(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '+' || c == '/';
  };
  return !name.empty() && name.size() <= name_limit && name.front() != '/' && std::ranges::all_of(name, allowed) &&
         name != "localtime" && name != "Factory" && name != "posixrules" && !name.starts_with("posix/") &&
         !name.starts_with("right/");
}

// Abseil remembers every name it was ever asked for, so it is only asked for files that are there: what clients send
// cannot grow it.
bool has_file(const std::string& name) {
  std::error_code error;
  return std::filesystem::is_regular_file(zoneinfo_folder() / name, error);
}

std::vector<OffsetSpan> spans_of(const absl::TimeZone& zone) {
  const auto utc = absl::UTCTimeZone();
  absl::Time at = absl::FromCivil(absl::CivilSecond(earliest_year, 1, 1), utc);
  std::vector<OffsetSpan> spans{{far_past, far_future, seconds{zone.At(at).offset}}};
  absl::TimeZone::CivilTransition transition;
  while (zone.NextTransition(at, &transition) && transition.to.year() <= latest_year) {
    // `from` is what the clock would have shown under the offset that ends here.
    const absl::Time begin = absl::FromCivil(transition.from, utc) - absl::Seconds(spans.back().offset.count());
    const Instant instant{seconds{absl::ToUnixSeconds(begin)}};
    const seconds offset{zone.At(begin).offset};
    if (offset != spans.back().offset) {
      spans.back().end = instant;
      spans.push_back({instant, far_future, offset});
    }
    at = begin;
  }
  return spans;
}

Error unknown_zone(std::string_view text) {
  return fail(Reason::time_zone_unknown,
              "'" + std::string(text.substr(0, name_limit)) + "' is no time zone of the IANA database");
}

}  // namespace

const std::string& ZoneName::text() const { return rules_->name; }

Result<ZoneName> parse_zone(std::string_view text) {
  if (!is_plausible(text)) return unknown_zone(text);
  static std::mutex mutex;  // a leaf; held while a zone's file is read, which happens once a zone and process
  static std::unordered_map<std::string, std::unique_ptr<const ZoneName::Rules>> loaded;
  std::string name(text);
  const std::lock_guard lock(mutex);
  auto found = loaded.find(name);
  if (found == loaded.end()) {
    absl::TimeZone zone;
    if (!has_file(name) || !absl::LoadTimeZone(name, &zone)) return unknown_zone(text);
    auto rules = std::make_unique<const ZoneName::Rules>(ZoneName::Rules{name, spans_of(zone)});
    found = loaded.emplace(std::move(name), std::move(rules)).first;
  }
  return ZoneName(found->second.get());
}

std::span<const OffsetSpan> spans_between(const ZoneName& zone, Instant from, Instant to) {
  const std::span<const OffsetSpan> all = zone.rules_->spans;
  const auto first = std::ranges::partition_point(all, [&](const auto& span) { return span.end <= from; });
  const auto last = std::ranges::partition_point(all, [&](const auto& span) { return span.begin < to; });
  return first < last ? std::span(first, last) : std::span<const OffsetSpan>();
}

WallTime wall_time(const ZoneName& zone, Instant instant) {
  const auto spans = spans_between(zone, instant, instant + Duration{1});
  return WallTime{instant.time_since_epoch() + spans.front().offset};
}

Date local_date(const ZoneName& zone, Instant instant) { return floor<days>(wall_time(zone, instant)); }

std::vector<Instant> instants_of(const ZoneName& zone, WallTime reading) {
  const Instant as_utc{reading.time_since_epoch()};
  std::vector<Instant> instants;
  for (const auto& span : spans_between(zone, as_utc - widest_offset, as_utc + widest_offset)) {
    const Instant instant = as_utc - span.offset;
    if (span.begin <= instant && instant < span.end) instants.push_back(instant);
  }
  return instants;
}

Instant first_instant_at(const ZoneName& zone, WallTime reading) {
  const Instant as_utc{reading.time_since_epoch()};
  for (const auto& span : spans_between(zone, as_utc - widest_offset, as_utc + widest_offset)) {
    const Instant instant = std::max(span.begin, as_utc - span.offset);
    if (instant < span.end) return instant;
  }
  return as_utc;  // unreachable: 26 hours after the reading every clock shows a later one
}

Instant first_instant(const ZoneName& zone, Date date) { return first_instant_at(zone, date); }

Date begun_date(const ZoneName& zone, Instant instant) {
  const Date date = local_date(zone, instant);
  return first_instant(zone, date + days{1}) <= instant ? date + days{1} : date;
}

std::string tzdata_version() {
  // "# version 2025b" opens tzdata.zi, which Debian ships beside the zones.
  constexpr std::string_view prefix = "# version ";
  std::ifstream file(zoneinfo_folder() / "tzdata.zi");
  std::string line;
  std::getline(file, line);
  return line.starts_with(prefix) ? line.substr(prefix.size()) : "unknown";
}

}  // namespace holdfast
