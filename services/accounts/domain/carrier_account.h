#pragma once

#include <optional>
#include <string>

#include "accounts/domain/account.h"

namespace holdfast::accounts {

// What a carrier bills a customer under.
struct CarrierAccount {
  CarrierAccountId id;
  CarrierId carrier_id;
  std::string number;
  AccountId account_id;
  std::string btn;  // the billing telephone number
  std::int64_t version = 0;

  bool operator==(const CarrierAccount&) const = default;
};

struct AddCarrierAccount {
  CarrierId carrier_id;
  std::optional<CarrierAccountId> id;
  std::string number;
  AccountId account_id;
  std::string btn;
};

struct CarrierAccountChanged {
  CarrierAccount carrier_account;
  std::optional<CarrierAccount> before;
};

Result<CarrierAccount> add(const AddCarrierAccount& command, AccountStatus account, Instant now);

}  // namespace holdfast::accounts

namespace holdfast {

template <>
struct Fields<accounts::CarrierAccount> {
  using T = accounts::CarrierAccount;
  static constexpr auto list = FieldList{Field{"id", &T::id},         Field{"carrier_id", &T::carrier_id},
                                         Field{"number", &T::number}, Field{"account_id", &T::account_id},
                                         Field{"btn", &T::btn},       Field{"version", &T::version}};
};

template <>
struct Fields<accounts::AddCarrierAccount> {
  using T = accounts::AddCarrierAccount;
  static constexpr auto list =
      FieldList{Field{"carrier_id", &T::carrier_id}, Field{"id", &T::id}, Field{"number", &T::number},
                Field{"account_id", &T::account_id}, Field{"btn", &T::btn}};
};

template <>
struct Fields<accounts::CarrierAccountChanged> {
  using T = accounts::CarrierAccountChanged;
  static constexpr std::string_view message = "holdfast.accounts.v1.CarrierAccountChanged";
  static constexpr auto list = FieldList{Field{"carrier_account", &T::carrier_account}, Field{"before", &T::before}};
};

}  // namespace holdfast
