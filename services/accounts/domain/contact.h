#pragma once

#include <optional>
#include <string>
#include <vector>

#include "accounts/domain/account.h"

namespace holdfast::accounts {

struct Contact {
  ContactId id;
  AccountId account_id;
  std::string name;
  std::string title;
  std::string email;
  std::string phone;
  std::vector<LocationId> location_ids;  // the sites that they serve; none: the account as a whole
  std::int64_t version = 0;

  bool operator==(const Contact&) const = default;
};

struct AddContact {
  AccountId account_id;
  std::optional<ContactId> id;
  std::string name;
  std::string title;
  std::string email;
  std::string phone;
  std::vector<LocationId> location_ids;  // the sites that they serve; none: the account as a whole
};

struct ChangeContact {
  ContactId id;
  std::optional<std::string> name;
  std::optional<std::string> title;
  std::optional<std::string> email;
  std::optional<std::string> phone;
  std::vector<LocationId> location_ids;  // none: as they are
  std::vector<std::string> clear;        // location_ids
  std::string etag;
};

struct ContactAdded {
  Contact contact;
};

struct ContactChanged {
  Contact contact;
  Contact before;
};

// One person serves at most so many sites by name.
inline constexpr size_t max_contact_locations = 1'000;

// E-mail and phone may be missing; what is given must be an address, or a number with its area code. `locations` are
// those of the account among the ones that are named.
Result<ContactAdded> add(const AddContact& command, AccountStatus account, const std::vector<LocationId>& locations,
                         Instant now);
Result<Contact> change(const Contact& before, const ChangeContact& command, const std::vector<LocationId>& locations);

}  // namespace holdfast::accounts

namespace holdfast {

template <>
struct Fields<accounts::Contact> {
  using T = accounts::Contact;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"account_id", &T::account_id},
                                         Field{"name", &T::name},
                                         Field{"title", &T::title},
                                         Field{"email", &T::email},
                                         Field{"phone", &T::phone},
                                         Field{"location_ids", &T::location_ids},
                                         Field{"version", &T::version}};
};

template <>
struct Fields<accounts::AddContact> {
  using T = accounts::AddContact;
  static constexpr auto list = FieldList{Field{"account_id", &T::account_id},
                                         Field{"id", &T::id},
                                         Field{"name", &T::name},
                                         Field{"title", &T::title},
                                         Field{"email", &T::email},
                                         Field{"phone", &T::phone},
                                         Field{"location_ids", &T::location_ids}};
};

template <>
struct Fields<accounts::ChangeContact> {
  using T = accounts::ChangeContact;
  static constexpr auto list =
      FieldList{Field{"id", &T::id},       Field{"name", &T::name},   Field{"title", &T::title},
                Field{"email", &T::email}, Field{"phone", &T::phone}, Field{"location_ids", &T::location_ids},
                Field{"clear", &T::clear}, Field{"etag", &T::etag}};
};

template <>
struct Fields<accounts::ContactAdded> {
  static constexpr std::string_view message = "holdfast.accounts.v1.ContactAdded";
  static constexpr auto list = FieldList{Field{"contact", &accounts::ContactAdded::contact}};
};

template <>
struct Fields<accounts::ContactChanged> {
  using T = accounts::ContactChanged;
  static constexpr std::string_view message = "holdfast.accounts.v1.ContactChanged";
  static constexpr auto list = FieldList{Field{"contact", &T::contact}, Field{"before", &T::before}};
};

}  // namespace holdfast
