#pragma once

#include <optional>
#include <string>
#include <vector>

#include "accounts/domain/ids.h"
#include "runtime/core/enum_names.h"
#include "runtime/core/fields.h"
#include "runtime/core/result.h"
#include "runtime/core/time.h"

namespace holdfast::accounts {

enum class AccountStatus { prospect, onboarding, active, suspended, closed };
enum class Tier { standard, growth, key };

struct Account {
  AccountId id;
  std::string name;
  std::string number;
  AccountStatus status{};
  std::string status_reason;  // why it is suspended or closed, in the words of who did it
  Tier tier{};
  StaffId owner_id;
  std::optional<AccountId> parent_id;
  std::optional<Date> since;
  std::string representative;  // who brought the customer, as a book names them; need not be a member of staff
  std::string notes;
  std::int64_t version = 0;

  bool operator==(const Account&) const = default;
};

struct CreateAccount {
  std::optional<AccountId> id;
  std::string name;
  std::string number;
  std::optional<AccountStatus> status;
  std::optional<Tier> tier;
  StaffId owner_id;
  std::optional<AccountId> parent_id;
  std::optional<Date> since;
  std::string representative;
  std::string notes;
};

struct ChangeAccount {
  AccountId id;
  std::optional<std::string> name;
  std::optional<std::string> number;
  std::optional<AccountStatus> status;
  std::optional<Tier> tier;
  std::optional<StaffId> owner_id;
  std::optional<AccountId> parent_id;
  std::optional<Date> since;
  std::optional<std::string> representative;
  std::optional<std::string> notes;
  std::vector<std::string> clear;  // parent_id, since
  std::string reason;              // for a changed status
  std::string etag;
};

// Where an account is to hang, as it is now: nothing where no parent is asked for, or where it does not exist.
struct Surroundings {
  bool owner_exists = false;
  std::optional<std::int32_t> parent_depth;  // 1 for a parent that has none itself
  bool parent_is_below = false;              // the account itself, or one of its own
  std::int32_t height = 1;                   // of what moves: 1 for an account with none below it
};

struct AccountCreated {
  Account account;
};

// Anything of it. account-state-changed and owner-changed follow it where they apply.
struct AccountChanged {
  Account account;
  Account before;
};

struct AccountStateChanged {
  Account account;
  AccountStatus before{};
};

struct OwnerChanged {
  Account account;
  StaffId before_owner_id;
};

// From the topmost account to the lowest, both counted.
inline constexpr std::int32_t max_depth = 6;

// Somebody always answers for an account: its owner is a member of staff. It begins in any status but closed, which
// takes a reason (a prospect when none is given), at most max_depth deep.
Result<AccountCreated> create(const CreateAccount& command, const Surroundings& surroundings, Instant now);

inline constexpr size_t max_status_reason_bytes = 2'000;

// An account is suspended and closed with a reason. prospect → onboarding → active; active ⇄ suspended; any of them may
// be closed, and a closed one is won back to onboarding.
Result<Account> change(const Account& before, const ChangeAccount& command, const Surroundings& surroundings);

// Nothing is added to a closed account.
Result<> check_open(AccountStatus account);

}  // namespace holdfast::accounts

namespace holdfast {

template <>
inline constexpr auto enum_names<accounts::AccountStatus> =
    std::to_array<std::string_view>({"prospect", "onboarding", "active", "suspended", "closed"});

template <>
inline constexpr auto enum_names<accounts::Tier> = std::to_array<std::string_view>({"standard", "growth", "key"});

template <>
struct Fields<accounts::Account> {
  using T = accounts::Account;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"name", &T::name},
                                         Field{"number", &T::number},
                                         Field{"status", &T::status},
                                         Field{"status_reason", &T::status_reason},
                                         Field{"tier", &T::tier},
                                         Field{"owner_id", &T::owner_id},
                                         Field{"parent_id", &T::parent_id},
                                         Field{"since", &T::since},
                                         Field{"representative", &T::representative},
                                         Field{"notes", &T::notes},
                                         Field{"version", &T::version}};
};

template <>
struct Fields<accounts::CreateAccount> {
  using T = accounts::CreateAccount;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"name", &T::name},
                                         Field{"number", &T::number},
                                         Field{"status", &T::status},
                                         Field{"tier", &T::tier},
                                         Field{"owner_id", &T::owner_id},
                                         Field{"parent_id", &T::parent_id},
                                         Field{"since", &T::since},
                                         Field{"representative", &T::representative},
                                         Field{"notes", &T::notes}};
};

template <>
struct Fields<accounts::ChangeAccount> {
  using T = accounts::ChangeAccount;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"name", &T::name},
                                         Field{"number", &T::number},
                                         Field{"status", &T::status},
                                         Field{"tier", &T::tier},
                                         Field{"owner_id", &T::owner_id},
                                         Field{"parent_id", &T::parent_id},
                                         Field{"since", &T::since},
                                         Field{"representative", &T::representative},
                                         Field{"notes", &T::notes},
                                         Field{"clear", &T::clear},
                                         Field{"reason", &T::reason},
                                         Field{"etag", &T::etag}};
};

template <>
struct Fields<accounts::Surroundings> {
  using T = accounts::Surroundings;
  static constexpr auto list =
      FieldList{Field{"owner_exists", &T::owner_exists}, Field{"parent_depth", &T::parent_depth},
                Field{"parent_is_below", &T::parent_is_below}, Field{"height", &T::height}};
};

template <>
struct Fields<accounts::AccountCreated> {
  static constexpr std::string_view message = "holdfast.accounts.v1.AccountCreated";
  static constexpr auto list = FieldList{Field{"account", &accounts::AccountCreated::account}};
};

template <>
struct Fields<accounts::AccountChanged> {
  using T = accounts::AccountChanged;
  static constexpr std::string_view message = "holdfast.accounts.v1.AccountChanged";
  static constexpr auto list = FieldList{Field{"account", &T::account}, Field{"before", &T::before}};
};

template <>
struct Fields<accounts::AccountStateChanged> {
  using T = accounts::AccountStateChanged;
  static constexpr std::string_view message = "holdfast.accounts.v1.AccountStateChanged";
  static constexpr auto list = FieldList{Field{"account", &T::account}, Field{"before", &T::before}};
};

template <>
struct Fields<accounts::OwnerChanged> {
  using T = accounts::OwnerChanged;
  static constexpr std::string_view message = "holdfast.accounts.v1.OwnerChanged";
  static constexpr auto list = FieldList{Field{"account", &T::account}, Field{"before_owner_id", &T::before_owner_id}};
};

}  // namespace holdfast
