#pragma once

#include <optional>
#include <string>

#include "accounts/domain/ids.h"
#include "runtime/core/fields.h"
#include "runtime/core/result.h"
#include "runtime/core/time.h"

// The tenant, and the people who work there.
namespace holdfast::accounts {

struct Agency {
  AgencyId id;
  std::string name;
  std::string time_zone;
  std::int64_t version = 0;

  bool operator==(const Agency&) const = default;
};

struct Staff {
  StaffId id;
  std::string name;
  std::string email;
  std::string time_zone;
  std::int64_t version = 0;

  bool operator==(const Staff&) const = default;
};

struct CreateAgency {
  std::optional<AgencyId> id;
  std::string name;
  std::string time_zone;
  std::string staff_name;
  std::string staff_email;
};

struct AddStaff {
  std::optional<StaffId> id;
  std::string name;
  std::string email;
  std::optional<std::string> time_zone;
};

struct AgencyCreated {
  Agency agency;
  Staff staff;
};

struct StaffChanged {
  Staff staff;
};

// An agency begins with the member of staff who owns what has no other owner yet.
Result<AgencyCreated> create(const CreateAgency& command, AgencyId id, Instant now);

// Somebody joins; in the agency's own time zone unless another is given.
Result<StaffChanged> add(const AddStaff& command, const Agency& agency, Instant now);

}  // namespace holdfast::accounts

namespace holdfast {

template <>
struct Fields<accounts::Agency> {
  using T = accounts::Agency;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"name", &T::name},
                                         Field{"time_zone", &T::time_zone}, Field{"version", &T::version}};
};

template <>
struct Fields<accounts::Staff> {
  using T = accounts::Staff;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"name", &T::name}, Field{"email", &T::email},
                                         Field{"time_zone", &T::time_zone}, Field{"version", &T::version}};
};

template <>
struct Fields<accounts::CreateAgency> {
  using T = accounts::CreateAgency;
  static constexpr auto list =
      FieldList{Field{"id", &T::id}, Field{"name", &T::name}, Field{"time_zone", &T::time_zone},
                Field{"staff_name", &T::staff_name}, Field{"staff_email", &T::staff_email}};
};

template <>
struct Fields<accounts::AddStaff> {
  using T = accounts::AddStaff;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"name", &T::name}, Field{"email", &T::email},
                                         Field{"time_zone", &T::time_zone}};
};

template <>
struct Fields<accounts::StaffChanged> {
  static constexpr std::string_view message = "holdfast.accounts.v1.StaffChanged";
  static constexpr auto list = FieldList{Field{"staff", &accounts::StaffChanged::staff}};
};

}  // namespace holdfast
