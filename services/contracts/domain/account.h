#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contracts/domain/ids.h"
#include "runtime/core/enum_names.h"
#include "runtime/core/fields.h"

// What contracts keeps of the book that accounts owns: as much as its own rules ask for, and no more. Copied from
// events; a newer version replaces an older one, never the other way round.
namespace holdfast::contracts {

enum class AccountStatus { prospect, onboarding, active, suspended, closed };
enum class Tier { standard, growth, key };

struct Account {
  AccountId id;
  std::string name;
  AccountStatus status{};
  Tier tier{};
  std::optional<StaffId> owner_id;  // unknown only while all that is known came with an imported contract
  std::int64_t version = 0;
};

struct Location {
  LocationId id;
  AccountId account_id;
  std::string name;
  std::string time_zone;
  std::int64_t version = 0;
};

// An account with its locations, as its owner tells it to somebody who has not heard of it yet.
struct AccountDescription {
  Account account;
  std::vector<Location> locations;
};

}  // namespace holdfast::contracts

namespace holdfast {

template <>
inline constexpr auto enum_names<contracts::AccountStatus> =
    std::to_array<std::string_view>({"prospect", "onboarding", "active", "suspended", "closed"});

template <>
inline constexpr auto enum_names<contracts::Tier> = std::to_array<std::string_view>({"standard", "growth", "key"});

template <>
struct Fields<contracts::Account> {
  using T = contracts::Account;
  static constexpr auto list =
      FieldList{Field{"id", &T::id},     Field{"name", &T::name},         Field{"status", &T::status},
                Field{"tier", &T::tier}, Field{"owner_id", &T::owner_id}, Field{"version", &T::version}};
};

template <>
struct Fields<contracts::Location> {
  using T = contracts::Location;
  static constexpr auto list =
      FieldList{Field{"id", &T::id}, Field{"account_id", &T::account_id}, Field{"name", &T::name},
                Field{"time_zone", &T::time_zone}, Field{"version", &T::version}};
};

template <>
struct Fields<contracts::AccountDescription> {
  using T = contracts::AccountDescription;
  static constexpr auto list = FieldList{Field{"account", &T::account}, Field{"locations", &T::locations}};
};

}  // namespace holdfast
