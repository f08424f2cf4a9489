#pragma once

#include <string>
#include <vector>

#include "notifications/domain/ids.h"
#include "runtime/core/fields.h"

// What notifications keeps of the book that accounts owns: whom to tell, and by which names. Copied from events; a
// newer version replaces an older one, never the other way round.
namespace holdfast::notifications {

struct Agency {
  AgencyId id;
  std::string name;
  std::int64_t version = 0;
};

struct Staff {
  StaffId id;
  std::string name;
  std::string email;
  std::string time_zone;
  std::int64_t version = 0;
};

struct Account {
  AccountId id;
  std::string name;
  StaffId owner_id;
  std::int64_t version = 0;
};

struct Location {
  LocationId id;
  AccountId account_id;
  std::string name;
  std::int64_t version = 0;
};

// An account with all of it, as its owner tells it to somebody who has not heard of it yet.
struct AccountDescription {
  Account account;
  std::vector<Location> locations;
  Staff owner;
};

// Who answers for an account, and what the people of that agency call things.
struct Addressee {
  std::string agency;
  std::string account;
  StaffId id;
  std::string name;
  std::string email;
  std::string time_zone;
  std::optional<std::string> location;  // the one that was asked for
};

}  // namespace holdfast::notifications

namespace holdfast {

template <>
struct Fields<notifications::Agency> {
  using T = notifications::Agency;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"name", &T::name}, Field{"version", &T::version}};
};

template <>
struct Fields<notifications::Staff> {
  using T = notifications::Staff;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"name", &T::name}, Field{"email", &T::email},
                                         Field{"time_zone", &T::time_zone}, Field{"version", &T::version}};
};

template <>
struct Fields<notifications::Account> {
  using T = notifications::Account;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"name", &T::name}, Field{"owner_id", &T::owner_id},
                                         Field{"version", &T::version}};
};

template <>
struct Fields<notifications::Location> {
  using T = notifications::Location;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"account_id", &T::account_id},
                                         Field{"name", &T::name}, Field{"version", &T::version}};
};

template <>
struct Fields<notifications::AccountDescription> {
  using T = notifications::AccountDescription;
  static constexpr auto list =
      FieldList{Field{"account", &T::account}, Field{"locations", &T::locations}, Field{"owner", &T::owner}};
};

template <>
struct Fields<notifications::Addressee> {
  using T = notifications::Addressee;
  static constexpr auto list =
      FieldList{Field{"agency", &T::agency},    Field{"account", &T::account}, Field{"id", &T::id},
                Field{"name", &T::name},        Field{"email", &T::email},     Field{"time_zone", &T::time_zone},
                Field{"location", &T::location}};
};

}  // namespace holdfast
