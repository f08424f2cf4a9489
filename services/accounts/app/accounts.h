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

// An account with what other services copy of it.
struct AccountDescription {
  Account account;
  std::vector<Location> locations;
  std::vector<Contact> contacts;
  Staff owner;
};

Result<Account> create_account(events::UnitOfWork& work, const CreateAccount& command);
Result<Location> add_location(events::UnitOfWork& work, const AddLocation& command);
Result<Contact> add_contact(events::UnitOfWork& work, const AddContact& command);

Result<Account> get_account(sql::Transaction& transaction, const GetAccount& query);
Result<AccountDescription> describe_account(sql::Transaction& transaction, const DescribeAccount& query);

}  // namespace holdfast::accounts

namespace holdfast {

template <>
struct Fields<accounts::GetAccount> {
  static constexpr auto list = std::tuple{Field{"id", &accounts::GetAccount::id}};
};

template <>
struct Fields<accounts::DescribeAccount> {
  static constexpr auto list = std::tuple{Field{"id", &accounts::DescribeAccount::id}};
};

template <>
struct Fields<accounts::AccountDescription> {
  using T = accounts::AccountDescription;
  static constexpr auto list = std::tuple{Field{"account", &T::account}, Field{"locations", &T::locations},
                                          Field{"contacts", &T::contacts}, Field{"owner", &T::owner}};
};

}  // namespace holdfast
