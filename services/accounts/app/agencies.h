#pragma once

#include <string>

#include "accounts/domain/agency.h"
#include "accounts/domain/api_key.h"
#include "runtime/auth/token.h"
#include "runtime/events/unit_of_work.h"

// The verbs of agencies, staff and keys, each in a file of its own.
namespace holdfast::accounts {

struct NewAgency {
  Agency agency;
  Staff staff;
  std::string key;  // its only appearance
};

struct GetStaff {
  StaffId id;
};

struct GetAgency {};

struct NewKey {
  std::string id;
  std::string key;  // its only appearance
};

struct RevokeKey {
  std::string id;
};

struct ExchangeKey {
  std::string key;
};

struct ExchangedKey {
  std::string token;
};

// With what tokens are made. They live by the system's clock.
struct TokenMaker {
  const auth::TokenSigner& signer;
  const Clock& system_clock;
};

// Which agency a CreateAgency acts for: the new one. Only the installation's own services may ask.
Result<AgencyId> agency_to_create(const Call& call, const CreateAgency& command);
// Makes the agency that the unit of work acts for, its first member of staff and a key that may do everything there.
Result<NewAgency> create_agency(events::UnitOfWork& work, const CreateAgency& command);
Result<Staff> add_staff(events::UnitOfWork& work, const AddStaff& command);
Result<Staff> get_staff(sql::Transaction& transaction, const GetStaff& query);
Result<Agency> get_agency(sql::Transaction& transaction, const GetAgency& query);

Result<NewKey> create_key(events::UnitOfWork& work, const CreateKey& command);
Result<> revoke_key(events::UnitOfWork& work, const RevokeKey& command);
// Whoever holds the key is the agency's integration. CREDENTIALS_INVALID says no more than that.
Result<ExchangedKey> exchange_key(sql::Transaction& transaction, const ExchangeKey& query, const TokenMaker& tokens);

}  // namespace holdfast::accounts

namespace holdfast {

template <>
struct Fields<accounts::NewAgency> {
  using T = accounts::NewAgency;
  static constexpr auto list = FieldList{Field{"agency", &T::agency}, Field{"staff", &T::staff}, Field{"key", &T::key}};
};

template <>
struct Fields<accounts::GetStaff> {
  static constexpr auto list = FieldList{Field{"id", &accounts::GetStaff::id}};
};

template <>
struct Fields<accounts::GetAgency> {
  static constexpr auto list = FieldList{};
};

template <>
struct Fields<accounts::NewKey> {
  static constexpr auto list = FieldList{Field{"id", &accounts::NewKey::id}, Field{"key", &accounts::NewKey::key}};
};

template <>
struct Fields<accounts::RevokeKey> {
  static constexpr auto list = FieldList{Field{"id", &accounts::RevokeKey::id}};
};

template <>
struct Fields<accounts::ExchangeKey> {
  static constexpr auto list = FieldList{Field{"key", &accounts::ExchangeKey::key}};
};

template <>
struct Fields<accounts::ExchangedKey> {
  static constexpr auto list = FieldList{Field{"token", &accounts::ExchangedKey::token}};
};

}  // namespace holdfast
