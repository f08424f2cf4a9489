#pragma once

#include <optional>
#include <string>

#include "accounts/domain/account.h"

namespace holdfast::accounts {

struct Contact {
  ContactId id;
  AccountId account_id;
  std::string name;
  std::string email;
  std::string phone;
  std::int64_t version = 0;

  bool operator==(const Contact&) const = default;
};

struct AddContact {
  AccountId account_id;
  std::optional<ContactId> id;
  std::string name;
  std::string email;
  std::string phone;
};

struct ContactAdded {
  Contact contact;
};

// E-mail and phone may be missing; what is given must be an address, or a number with its area code.
Result<ContactAdded> add(const AddContact& command, AccountStatus account, Instant now);

}  // namespace holdfast::accounts

namespace holdfast {

template <>
struct Fields<accounts::Contact> {
  using T = accounts::Contact;
  static constexpr auto list =
      std::tuple{Field{"id", &T::id},       Field{"account_id", &T::account_id}, Field{"name", &T::name},
                 Field{"email", &T::email}, Field{"phone", &T::phone},           Field{"version", &T::version}};
};

template <>
struct Fields<accounts::AddContact> {
  using T = accounts::AddContact;
  static constexpr auto list =
      std::tuple{Field{"account_id", &T::account_id}, Field{"id", &T::id}, Field{"name", &T::name},
                 Field{"email", &T::email}, Field{"phone", &T::phone}};
};

template <>
struct Fields<accounts::ContactAdded> {
  static constexpr std::string_view message = "holdfast.accounts.v1.ContactAdded";
  static constexpr auto list = std::tuple{Field{"contact", &accounts::ContactAdded::contact}};
};

}  // namespace holdfast
