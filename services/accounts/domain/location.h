#pragma once

#include <optional>
#include <string>

#include "accounts/domain/account.h"

namespace holdfast::accounts {

// A site of an account, treated as a customer of its own.
struct Location {
  LocationId id;
  AccountId account_id;
  std::string name;
  std::string street;
  std::string city;
  std::string state;
  std::string postal_code;
  std::string time_zone;
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
};

struct LocationAdded {
  Location location;
};

Result<LocationAdded> add(const AddLocation& command, AccountStatus account, Instant now);

}  // namespace holdfast::accounts

namespace holdfast {

template <>
struct Fields<accounts::Location> {
  using T = accounts::Location;
  static constexpr auto list = std::tuple{Field{"id", &T::id},
                                          Field{"account_id", &T::account_id},
                                          Field{"name", &T::name},
                                          Field{"street", &T::street},
                                          Field{"city", &T::city},
                                          Field{"state", &T::state},
                                          Field{"postal_code", &T::postal_code},
                                          Field{"time_zone", &T::time_zone},
                                          Field{"version", &T::version}};
};

template <>
struct Fields<accounts::AddLocation> {
  using T = accounts::AddLocation;
  static constexpr auto list = std::tuple{Field{"account_id", &T::account_id},
                                          Field{"id", &T::id},
                                          Field{"name", &T::name},
                                          Field{"street", &T::street},
                                          Field{"city", &T::city},
                                          Field{"state", &T::state},
                                          Field{"postal_code", &T::postal_code},
                                          Field{"time_zone", &T::time_zone}};
};

template <>
struct Fields<accounts::LocationAdded> {
  static constexpr std::string_view message = "holdfast.accounts.v1.LocationAdded";
  static constexpr auto list = std::tuple{Field{"location", &accounts::LocationAdded::location}};
};

}  // namespace holdfast
