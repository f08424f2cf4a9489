#pragma once

#include <string>
#include <vector>

#include "runtime/core/enum_names.h"
#include "runtime/core/fields.h"
#include "tickets/domain/ids.h"

// What tickets keeps of the book that accounts owns: as much as its own rules ask for, and no more. Copied from events;
// a newer version replaces an older one, never the other way round.
namespace holdfast::tickets {

enum class AccountStatus { prospect, onboarding, active, suspended, closed };
enum class Tier { standard, growth, key };

struct Account {
  AccountId id;
  std::string name;
  AccountStatus status{};
  StaffId owner_id;
  Tier tier{};
  std::int64_t version = 0;
};

struct Location {
  LocationId id;
  AccountId account_id;
  std::string name;
  std::string time_zone;
  std::int64_t version = 0;
};

struct Contact {
  ContactId id;
  AccountId account_id;
  std::string name;
  std::int64_t version = 0;
};

// Somebody who works at the agency.
struct Staff {
  StaffId id;
  std::int64_t version = 0;
};

// An account with all of it, as its owner tells it to somebody who has not heard of it yet.
struct AccountDescription {
  Account account;
  std::vector<Location> locations;
  std::vector<Contact> contacts;
};

}  // namespace holdfast::tickets

namespace holdfast {

template <>
inline constexpr auto enum_names<tickets::AccountStatus> =
    std::to_array<std::string_view>({"prospect", "onboarding", "active", "suspended", "closed"});

template <>
inline constexpr auto enum_names<tickets::Tier> = std::to_array<std::string_view>({"standard", "growth", "key"});

template <>
struct Fields<tickets::Account> {
  using T = tickets::Account;
  static constexpr auto list = FieldList{Field{"id", &T::id},         Field{"name", &T::name},
                                         Field{"status", &T::status}, Field{"owner_id", &T::owner_id},
                                         Field{"tier", &T::tier},     Field{"version", &T::version}};
};

template <>
struct Fields<tickets::Location> {
  using T = tickets::Location;
  static constexpr auto list =
      FieldList{Field{"id", &T::id}, Field{"account_id", &T::account_id}, Field{"name", &T::name},
                Field{"time_zone", &T::time_zone}, Field{"version", &T::version}};
};

template <>
struct Fields<tickets::Contact> {
  using T = tickets::Contact;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"account_id", &T::account_id},
                                         Field{"name", &T::name}, Field{"version", &T::version}};
};

template <>
struct Fields<tickets::Staff> {
  static constexpr auto list = FieldList{Field{"id", &tickets::Staff::id}, Field{"version", &tickets::Staff::version}};
};

template <>
struct Fields<tickets::AccountDescription> {
  using T = tickets::AccountDescription;
  static constexpr auto list =
      FieldList{Field{"account", &T::account}, Field{"locations", &T::locations}, Field{"contacts", &T::contacts}};
};

}  // namespace holdfast
