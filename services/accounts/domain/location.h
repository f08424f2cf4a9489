#pragma once

#include <optional>
#include <string>

#include "accounts/domain/account.h"

namespace holdfast::accounts {

enum class LocationStatus { planned, active, closed };

// Where a location's time zone is from: somebody said so, or an import told it by the state or the postal code.
enum class TimeZoneSource { unknown, stated, state, postal_code };

// A site of an account, treated as a customer of its own.
struct Location {
  LocationId id;
  AccountId account_id;
  std::string name;
  std::string street;
  std::string city;
  std::string state;
  std::string postal_code;
  std::string time_zone;  // empty when an import could not tell it
  TimeZoneSource time_zone_source{};
  std::string main_phone;
  LocationStatus status{};
  std::string notes;
  std::int64_t version = 0;

  bool operator==(const Location&) const = default;
};

struct AddLocation {
  AccountId account_id;
  std::optional<LocationId> id;
  std::string name;
  std::string street;
  std::string city;
  std::string state;
  std::string postal_code;
  std::string time_zone;
  std::string main_phone;
  std::optional<LocationStatus> status;
  std::string notes;
};

struct ChangeLocation {
  LocationId id;
  std::optional<std::string> name;
  std::optional<std::string> street;
  std::optional<std::string> city;
  std::optional<std::string> state;
  std::optional<std::string> postal_code;
  std::optional<std::string> time_zone;
  std::optional<std::string> main_phone;
  std::optional<LocationStatus> status;
  std::optional<std::string> notes;
  std::string etag;
};

struct LocationAdded {
  Location location;
};

struct LocationChanged {
  Location location;
  Location before;
};

Result<LocationAdded> add(const AddLocation& command, AccountStatus account, Instant now);

// A location is closed once nothing is left there: `live_products` of its products have not ended.
Result<Location> change(const Location& before, const ChangeLocation& command, std::int64_t live_products);

}  // namespace holdfast::accounts

namespace holdfast {

template <>
inline constexpr auto enum_names<accounts::LocationStatus> = std::to_array<std::string_view>({"planned", "active",
                                                                                              "closed"});

template <>
inline constexpr auto enum_names<accounts::TimeZoneSource> = std::to_array<std::string_view>({"unknown", "stated",
                                                                                              "state", "postalCode"});

template <>
struct Fields<accounts::Location> {
  using T = accounts::Location;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"account_id", &T::account_id},
                                         Field{"name", &T::name},
                                         Field{"street", &T::street},
                                         Field{"city", &T::city},
                                         Field{"state", &T::state},
                                         Field{"postal_code", &T::postal_code},
                                         Field{"time_zone", &T::time_zone},
                                         Field{"time_zone_source", &T::time_zone_source},
                                         Field{"main_phone", &T::main_phone},
                                         Field{"status", &T::status},
                                         Field{"notes", &T::notes},
                                         Field{"version", &T::version}};
};

template <>
struct Fields<accounts::AddLocation> {
  using T = accounts::AddLocation;
  static constexpr auto list = FieldList{Field{"account_id", &T::account_id},
                                         Field{"id", &T::id},
                                         Field{"name", &T::name},
                                         Field{"street", &T::street},
                                         Field{"city", &T::city},
                                         Field{"state", &T::state},
                                         Field{"postal_code", &T::postal_code},
                                         Field{"time_zone", &T::time_zone},
                                         Field{"main_phone", &T::main_phone},
                                         Field{"status", &T::status},
                                         Field{"notes", &T::notes}};
};

template <>
struct Fields<accounts::ChangeLocation> {
  using T = accounts::ChangeLocation;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"name", &T::name},
                                         Field{"street", &T::street},
                                         Field{"city", &T::city},
                                         Field{"state", &T::state},
                                         Field{"postal_code", &T::postal_code},
                                         Field{"time_zone", &T::time_zone},
                                         Field{"main_phone", &T::main_phone},
                                         Field{"status", &T::status},
                                         Field{"notes", &T::notes},
                                         Field{"etag", &T::etag}};
};

template <>
struct Fields<accounts::LocationAdded> {
  static constexpr std::string_view message = "holdfast.accounts.v1.LocationAdded";
  static constexpr auto list = FieldList{Field{"location", &accounts::LocationAdded::location}};
};

template <>
struct Fields<accounts::LocationChanged> {
  using T = accounts::LocationChanged;
  static constexpr std::string_view message = "holdfast.accounts.v1.LocationChanged";
  static constexpr auto list = FieldList{Field{"location", &T::location}, Field{"before", &T::before}};
};

}  // namespace holdfast
