#pragma once

#include <vector>

#include "accounts/domain/account.h"
#include "accounts/domain/agency.h"
#include "accounts/domain/contact.h"
#include "accounts/domain/location.h"
#include "runtime/events/unit_of_work.h"

// The verbs of the book, each in a file of its own.
namespace holdfast::accounts {

struct GetAccount {
  AccountId id;
};

struct DescribeAccount {
  AccountId id;
};

struct ListAccounts {
  std::optional<AccountStatus> status;
  std::optional<StaffId> owner_id;
  std::optional<AccountId> parent_id;
  std::int32_t page_size = 0;
  std::string page_token;
};

struct AccountList {
  std::vector<Account> accounts;
  std::string next_page_token;
};

struct GetLocation {
  LocationId id;
};

struct ListLocations {
  AccountId account_id;
  std::int32_t page_size = 0;
  std::string page_token;
};

struct LocationList {
  std::vector<Location> locations;
  std::string next_page_token;
};

struct GetContact {
  ContactId id;
};

struct ListContacts {
  AccountId account_id;
  std::int32_t page_size = 0;
  std::string page_token;
};

struct ContactList {
  std::vector<Contact> contacts;
  std::string next_page_token;
};

// An account with what other services copy of it.
struct AccountDescription {
  Account account;
  std::vector<Location> locations;
  std::vector<Contact> contacts;
  Staff owner;
};

Result<Account> create_account(events::UnitOfWork& work, const CreateAccount& command);
Result<Account> change_account(events::UnitOfWork& work, const ChangeAccount& command);
Result<Location> add_location(events::UnitOfWork& work, const AddLocation& command);
Result<Location> change_location(events::UnitOfWork& work, const ChangeLocation& command);
Result<Contact> add_contact(events::UnitOfWork& work, const AddContact& command);
Result<Contact> change_contact(events::UnitOfWork& work, const ChangeContact& command);

Result<Account> get_account(sql::Transaction& transaction, const GetAccount& query);
Result<Location> get_location(sql::Transaction& transaction, const GetLocation& query);
Result<Contact> get_contact(sql::Transaction& transaction, const GetContact& query);
Result<AccountList> list_accounts(sql::Transaction& transaction, const ListAccounts& query);
Result<LocationList> list_locations(sql::Transaction& transaction, const ListLocations& query);
Result<ContactList> list_contacts(sql::Transaction& transaction, const ListContacts& query);
Result<AccountDescription> describe_account(sql::Transaction& transaction, const DescribeAccount& query);

}  // namespace holdfast::accounts

namespace holdfast {

template <>
struct Fields<accounts::GetAccount> {
  static constexpr auto list = FieldList{Field{"id", &accounts::GetAccount::id}};
};

template <>
struct Fields<accounts::ListAccounts> {
  using T = accounts::ListAccounts;
  static constexpr auto list =
      FieldList{Field{"status", &T::status}, Field{"owner_id", &T::owner_id}, Field{"parent_id", &T::parent_id},
                Field{"page_size", &T::page_size}, Field{"page_token", &T::page_token}};
};

template <>
struct Fields<accounts::AccountList> {
  using T = accounts::AccountList;
  static constexpr auto list =
      FieldList{Field{"accounts", &T::accounts}, Field{"next_page_token", &T::next_page_token}};
};

template <>
struct Fields<accounts::GetLocation> {
  static constexpr auto list = FieldList{Field{"id", &accounts::GetLocation::id}};
};

template <>
struct Fields<accounts::ListLocations> {
  using T = accounts::ListLocations;
  static constexpr auto list = FieldList{Field{"account_id", &T::account_id}, Field{"page_size", &T::page_size},
                                         Field{"page_token", &T::page_token}};
};

template <>
struct Fields<accounts::LocationList> {
  using T = accounts::LocationList;
  static constexpr auto list =
      FieldList{Field{"locations", &T::locations}, Field{"next_page_token", &T::next_page_token}};
};

template <>
struct Fields<accounts::GetContact> {
  static constexpr auto list = FieldList{Field{"id", &accounts::GetContact::id}};
};

template <>
struct Fields<accounts::ListContacts> {
  using T = accounts::ListContacts;
  static constexpr auto list = FieldList{Field{"account_id", &T::account_id}, Field{"page_size", &T::page_size},
                                         Field{"page_token", &T::page_token}};
};

template <>
struct Fields<accounts::ContactList> {
  using T = accounts::ContactList;
  static constexpr auto list =
      FieldList{Field{"contacts", &T::contacts}, Field{"next_page_token", &T::next_page_token}};
};

template <>
struct Fields<accounts::DescribeAccount> {
  static constexpr auto list = FieldList{Field{"id", &accounts::DescribeAccount::id}};
};

template <>
struct Fields<accounts::AccountDescription> {
  using T = accounts::AccountDescription;
  static constexpr auto list = FieldList{Field{"account", &T::account}, Field{"locations", &T::locations},
                                         Field{"contacts", &T::contacts}, Field{"owner", &T::owner}};
};

}  // namespace holdfast
