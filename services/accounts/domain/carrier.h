#pragma once

#include <optional>
#include <string>
#include <vector>

#include "accounts/domain/carrier_contact.h"

// Who provides the service.
namespace holdfast::accounts {

struct Carrier {
  CarrierId id;
  std::string name;
  std::string notes;
  std::int64_t version = 0;  // counts changes of its contacts as well

  bool operator==(const Carrier&) const = default;
};

struct CreateCarrier {
  std::optional<CarrierId> id;
  std::string name;
  std::string notes;
};

struct ChangeCarrier {
  CarrierId id;
  std::optional<std::string> name;
  std::optional<std::string> notes;
  std::string etag;
};

// The carrier with all its contacts after the change, and as it was; nothing before a new one.
struct CarrierChanged {
  Carrier carrier;
  std::vector<CarrierContact> contacts;
  std::optional<Carrier> before;
};

Result<Carrier> create(const CreateCarrier& command, Instant now);
Result<Carrier> change(const Carrier& before, const ChangeCarrier& command);

}  // namespace holdfast::accounts

namespace holdfast {

template <>
struct Fields<accounts::Carrier> {
  using T = accounts::Carrier;
  static constexpr auto list =
      FieldList{Field{"id", &T::id}, Field{"name", &T::name}, Field{"notes", &T::notes}, Field{"version", &T::version}};
};

template <>
struct Fields<accounts::CreateCarrier> {
  using T = accounts::CreateCarrier;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"name", &T::name}, Field{"notes", &T::notes}};
};

template <>
struct Fields<accounts::ChangeCarrier> {
  using T = accounts::ChangeCarrier;
  static constexpr auto list =
      FieldList{Field{"id", &T::id}, Field{"name", &T::name}, Field{"notes", &T::notes}, Field{"etag", &T::etag}};
};

template <>
struct Fields<accounts::CarrierChanged> {
  using T = accounts::CarrierChanged;
  static constexpr std::string_view message = "holdfast.accounts.v1.CarrierChanged";
  static constexpr auto list =
      FieldList{Field{"carrier", &T::carrier}, Field{"contacts", &T::contacts}, Field{"before", &T::before}};
};

}  // namespace holdfast
