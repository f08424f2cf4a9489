#include "accounts/import/zones.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "accounts/import/text.h"

namespace holdfast::accounts::import_book {
namespace {

struct State {
  std::string_view code, name, zone;
  bool split;
};

constexpr std::array states{
#define STATE(code, name, zone, split) State{code, name, zone, split},
#include "accounts/import/states.def"
#undef STATE
};

struct ZipRange {
  int first, last;
  std::string_view zone;
};

constexpr std::array zip_ranges{
#define ZIP_ZONE(first, last, zone) ZipRange{first, last, zone},
#include "accounts/import/zip_zones.def"
#undef ZIP_ZONE
};

struct ZoneName {
  std::string_view name, zone;
};

constexpr std::array zone_names{
    ZoneName{"eastern", "America/New_York"}, ZoneName{"et", "America/New_York"},
    ZoneName{"est", "America/New_York"},     ZoneName{"edt", "America/New_York"},
    ZoneName{"central", "America/Chicago"},  ZoneName{"ct", "America/Chicago"},
    ZoneName{"cst", "America/Chicago"},      ZoneName{"cdt", "America/Chicago"},
    ZoneName{"mountain", "America/Denver"},  ZoneName{"mt", "America/Denver"},
    ZoneName{"mst", "America/Denver"},       ZoneName{"mdt", "America/Denver"},
    ZoneName{"arizona", "America/Phoenix"},  ZoneName{"pacific", "America/Los_Angeles"},
    ZoneName{"pt", "America/Los_Angeles"},   ZoneName{"pst", "America/Los_Angeles"},
    ZoneName{"pdt", "America/Los_Angeles"},  ZoneName{"alaska", "America/Anchorage"},
    ZoneName{"akst", "America/Anchorage"},   ZoneName{"hawaii", "Pacific/Honolulu"},
    ZoneName{"hst", "Pacific/Honolulu"},     ZoneName{"atlantic", "America/Puerto_Rico"},
    ZoneName{"ast", "America/Puerto_Rico"},
};

const State* find_state(std::string_view code) {
  const auto found = std::ranges::find(states, code, &State::code);
  return found == states.end() ? nullptr : &*found;
}

std::optional<std::string_view> zone_of_zip(std::string_view zip) {
  int code = 0;
  if (zip.size() < 5 || std::from_chars(zip.data(), zip.data() + 5, code).ptr != zip.data() + 5) return std::nullopt;
  auto range = std::ranges::upper_bound(zip_ranges, code, {}, &ZipRange::first);
  if (range == zip_ranges.begin() || (--range)->last < code) return std::nullopt;
  return range->zone;
}

}  // namespace

std::optional<std::string> state_code(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (c != '.') plain += c;  // R.I., Mass.
  }
  const auto name = join(words(plain), " ");
  for (const auto& state : states) {
    if (name == state.name ||
        (name.size() == 2 && std::toupper(name[0]) == state.code[0] && std::toupper(name[1]) == state.code[1])) {
      return std::string(state.code);
    }
  }
  // "Mass.", "Calif.", "Penna": an abbreviation that is the beginning of one state's name only.
  const State* only = nullptr;
  for (const auto& state : states) {
    if (name.size() < 4 || !state.name.starts_with(name)) continue;
    if (only != nullptr) return std::nullopt;
    only = &state;
  }
  return only == nullptr ? std::nullopt : std::optional(std::string(only->code));
}

std::optional<std::string> zip_code(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9')
      digits += c;
    else if (c != ' ' && c != '-')
      return std::nullopt;
  }
  if (digits.size() > 5) {
    if (digits.size() == 8) digits.insert(0, 1, '0');
    if (digits.size() != 9) return std::nullopt;
    return digits.substr(0, 5) + "-" + digits.substr(5);
  }
  if (digits.size() < 3) return std::nullopt;
  return std::string(5 - digits.size(), '0') + digits;
}

std::optional<std::string> zone_named(std::string_view text) {
  const auto cleaned = clean(text);
  for (const auto& state : states) {
    if (cleaned == state.zone) return cleaned;
  }
  for (const auto& range : zip_ranges) {
    if (cleaned == range.zone) return cleaned;
  }
  const auto parts = words(text);
  if (parts.empty() || parts.size() > 3) return std::nullopt;  // "eastern", "US/Eastern", "eastern time"
  for (const auto& part : parts) {
    const auto found = std::ranges::find(zone_names, part, &ZoneName::name);
    if (found != zone_names.end()) return std::string(found->zone);
  }
  return std::nullopt;
}

std::optional<SiteZone> site_zone(std::optional<std::string_view> state, std::optional<std::string_view> zip) {
  const State* known = state ? find_state(*state) : nullptr;
  const auto by_zip = zip ? zone_of_zip(*zip) : std::nullopt;
  if (known == nullptr) return by_zip ? std::optional(SiteZone{std::string(*by_zip), true}) : std::nullopt;
  if (!known->split || !by_zip) return SiteZone{std::string(known->zone), false};
  // Kentucky's Louisville keeps New York's time under a name of its own.
  const bool usual = *by_zip == known->zone || (known->code == "KY" && by_zip->starts_with("America/Kentucky/"));
  return SiteZone{std::string(usual ? known->zone : *by_zip), !usual};
}

}  // namespace holdfast::accounts::import_book
