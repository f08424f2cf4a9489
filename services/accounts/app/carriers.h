#pragma once

#include <optional>
#include <string>
#include <vector>

#include "accounts/domain/carrier.h"
#include "accounts/domain/carrier_account.h"
#include "accounts/domain/contact_hours.h"
#include "runtime/events/unit_of_work.h"

// The verbs of carriers, whom to call there and what they bill under, each in a file of its own.
namespace holdfast::accounts {

struct GetCarrier {
  CarrierId id;
};

struct ListCarriers {
  std::int32_t page_size = 0;
  std::string page_token;
};

struct CarrierList {
  std::vector<Carrier> carriers;
  std::string next_page_token;
};

struct ListCarrierContacts {
  CarrierId carrier_id;
  std::string function;       // empty: all of them
  std::optional<Instant> at;  // now, when nothing is given
};

struct CarrierContactList {
  std::vector<ContactAt> contacts;
};

struct ListCarrierAccounts {
  AccountId account_id;
  std::int32_t page_size = 0;
  std::string page_token;
};

struct CarrierAccountList {
  std::vector<CarrierAccount> carrier_accounts;
  std::string next_page_token;
};

Result<Carrier> create_carrier(events::UnitOfWork& work, const CreateCarrier& command);
Result<Carrier> change_carrier(events::UnitOfWork& work, const ChangeCarrier& command);
Result<CarrierContact> add_carrier_contact(events::UnitOfWork& work, const AddCarrierContact& command);
Result<CarrierContact> change_carrier_contact(events::UnitOfWork& work, const ChangeCarrierContact& command);
Result<> remove_carrier_contact(events::UnitOfWork& work, const RemoveCarrierContact& command);
Result<CarrierAccount> add_carrier_account(events::UnitOfWork& work, const AddCarrierAccount& command);

Result<Carrier> get_carrier(sql::Transaction& transaction, const GetCarrier& query);
Result<CarrierList> list_carriers(sql::Transaction& transaction, const ListCarriers& query);
Result<CarrierContactList> list_carrier_contacts(sql::Transaction& transaction, const ListCarrierContacts& query,
                                                 Instant now);
Result<CarrierAccountList> list_carrier_accounts(sql::Transaction& transaction, const ListCarrierAccounts& query);

}  // namespace holdfast::accounts

namespace holdfast {

template <>
struct Fields<accounts::GetCarrier> {
  static constexpr auto list = FieldList{Field{"id", &accounts::GetCarrier::id}};
};

template <>
struct Fields<accounts::ListCarriers> {
  using T = accounts::ListCarriers;
  static constexpr auto list = FieldList{Field{"page_size", &T::page_size}, Field{"page_token", &T::page_token}};
};

template <>
struct Fields<accounts::CarrierList> {
  using T = accounts::CarrierList;
  static constexpr auto list =
      FieldList{Field{"carriers", &T::carriers}, Field{"next_page_token", &T::next_page_token}};
};

template <>
struct Fields<accounts::ListCarrierContacts> {
  using T = accounts::ListCarrierContacts;
  static constexpr auto list =
      FieldList{Field{"carrier_id", &T::carrier_id}, Field{"function", &T::function}, Field{"at", &T::at}};
};

template <>
struct Fields<accounts::CarrierContactList> {
  static constexpr auto list = FieldList{Field{"contacts", &accounts::CarrierContactList::contacts}};
};

template <>
struct Fields<accounts::ListCarrierAccounts> {
  using T = accounts::ListCarrierAccounts;
  static constexpr auto list = FieldList{Field{"account_id", &T::account_id}, Field{"page_size", &T::page_size},
                                         Field{"page_token", &T::page_token}};
};

template <>
struct Fields<accounts::CarrierAccountList> {
  using T = accounts::CarrierAccountList;
  static constexpr auto list =
      FieldList{Field{"carrier_accounts", &T::carrier_accounts}, Field{"next_page_token", &T::next_page_token}};
};

}  // namespace holdfast
