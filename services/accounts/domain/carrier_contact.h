#pragma once

#include <optional>
#include <string>
#include <vector>

#include "accounts/domain/ids.h"
#include "runtime/core/fields.h"
#include "runtime/core/result.h"
#include "runtime/core/time.h"

namespace holdfast::accounts {

// A desk or a person of a carrier, for one function.
struct CarrierContact {
  CarrierContactId id;
  CarrierId carrier_id;
  std::string function;               // "repair", "billing", "orders", "escalation", or as an agency calls it
  std::optional<std::int32_t> level;  // of escalation, the lowest first
  std::string name;
  std::string phone;
  std::string after_hours_phone;
  std::string email;
  std::vector<std::string> hours;  // "Mon-Fri 08:00-17:00"; contact_hours.h says what none means
  std::string time_zone;           // of those hours; empty: the agency's
  std::optional<Date> verified_on;
  std::string notes;
  std::int64_t version = 0;

  bool operator==(const CarrierContact&) const = default;
};

struct AddCarrierContact {
  CarrierId carrier_id;
  std::optional<CarrierContactId> id;
  std::string function;
  std::optional<std::int32_t> level;
  std::string name;
  std::string phone;
  std::string after_hours_phone;
  std::string email;
  std::vector<std::string> hours;
  std::string time_zone;
  std::optional<Date> verified_on;
  std::string notes;
};

struct ChangeCarrierContact {
  CarrierContactId id;
  std::optional<std::string> function;
  std::optional<std::int32_t> level;
  std::optional<std::string> name;
  std::optional<std::string> phone;
  std::optional<std::string> after_hours_phone;
  std::optional<std::string> email;
  std::vector<std::string> hours;  // none: as they are
  std::optional<std::string> time_zone;
  std::optional<Date> verified_on;
  std::optional<std::string> notes;
  std::vector<std::string> clear;  // level, hours, verified_on
  std::string etag;
};

struct RemoveCarrierContact {
  CarrierContactId id;
  std::string etag;
};

inline constexpr std::int32_t max_level = 20;
// They all travel in one event.
inline constexpr size_t max_carrier_contacts = 200;

// Somebody who can be reached: with a number or an address.
Result<CarrierContact> add(const AddCarrierContact& command, Instant now);
Result<CarrierContact> change(const CarrierContact& before, const ChangeCarrierContact& command);

}  // namespace holdfast::accounts

namespace holdfast {

template <>
struct Fields<accounts::CarrierContact> {
  using T = accounts::CarrierContact;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"carrier_id", &T::carrier_id},
                                         Field{"function", &T::function},
                                         Field{"level", &T::level},
                                         Field{"name", &T::name},
                                         Field{"phone", &T::phone},
                                         Field{"after_hours_phone", &T::after_hours_phone},
                                         Field{"email", &T::email},
                                         Field{"hours", &T::hours},
                                         Field{"time_zone", &T::time_zone},
                                         Field{"verified_on", &T::verified_on},
                                         Field{"notes", &T::notes},
                                         Field{"version", &T::version}};
};

template <>
struct Fields<accounts::AddCarrierContact> {
  using T = accounts::AddCarrierContact;
  static constexpr auto list = FieldList{Field{"carrier_id", &T::carrier_id},
                                         Field{"id", &T::id},
                                         Field{"function", &T::function},
                                         Field{"level", &T::level},
                                         Field{"name", &T::name},
                                         Field{"phone", &T::phone},
                                         Field{"after_hours_phone", &T::after_hours_phone},
                                         Field{"email", &T::email},
                                         Field{"hours", &T::hours},
                                         Field{"time_zone", &T::time_zone},
                                         Field{"verified_on", &T::verified_on},
                                         Field{"notes", &T::notes}};
};

template <>
struct Fields<accounts::ChangeCarrierContact> {
  using T = accounts::ChangeCarrierContact;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"function", &T::function},
                                         Field{"level", &T::level},
                                         Field{"name", &T::name},
                                         Field{"phone", &T::phone},
                                         Field{"after_hours_phone", &T::after_hours_phone},
                                         Field{"email", &T::email},
                                         Field{"hours", &T::hours},
                                         Field{"time_zone", &T::time_zone},
                                         Field{"verified_on", &T::verified_on},
                                         Field{"notes", &T::notes},
                                         Field{"clear", &T::clear},
                                         Field{"etag", &T::etag}};
};

template <>
struct Fields<accounts::RemoveCarrierContact> {
  using T = accounts::RemoveCarrierContact;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"etag", &T::etag}};
};

}  // namespace holdfast
