#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace holdfast::accounts::import_book {

// "ma", "Mass." or "Massachusetts" is MA; nothing when it is no state or territory of the United States.
std::optional<std::string> state_code(std::string_view text);

// "2110" is 02110: spreadsheets eat leading zeros. Nine digits keep their hyphen. Nothing when it is no ZIP code.
std::optional<std::string> zip_code(std::string_view text);

// "Eastern", "CST" or an IANA name; nothing when it is none of them.
std::optional<std::string> zone_named(std::string_view text);

struct SiteZone {
  std::string zone;
  bool from_zip = false;  // the ZIP code decided: the state is missing, or has parts in another zone and this is one
};

// The zone of a place in the United States: the state's usual one, unless the ZIP code lies in a part that differs.
std::optional<SiteZone> site_zone(std::optional<std::string_view> state, std::optional<std::string_view> zip);

}  // namespace holdfast::accounts::import_book
