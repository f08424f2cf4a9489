#include "accounts/domain/account.h"

#include <algorithm>

#include "accounts/domain/change.h"
#include "accounts/domain/text.h"
#include "runtime/core/limits.h"

namespace holdfast::accounts {
namespace {

using Status = AccountStatus;

Result<> check_parent(const std::optional<AccountId>& parent, const Surroundings& surroundings) {
  if (!parent) return {};
  if (!surroundings.parent_depth) {
    return fail(Reason::account_not_found, "parent_id", "there is no account " + to_string(*parent));
  }
  if (surroundings.parent_is_below) return fail(Reason::parent_cycle, "parent_id", "is the account itself or below it");
  if (*surroundings.parent_depth + surroundings.height > max_depth) {
    return fail(Reason::field_out_of_range, "parent_id", "accounts are at most " + std::to_string(max_depth) + " deep");
  }
  return {};
}

Result<> check_owner(StaffId owner, const Surroundings& surroundings) {
  if (surroundings.owner_exists) return {};
  return fail(Reason::staff_not_found, "owner_id", "there is no member of staff " + to_string(owner));
}

Result<Account> checked(Account account) {
  account.name = TRY(read_name("name", account.name));
  account.number = TRY(read_line("number", account.number));
  account.representative = TRY(read_line("representative", account.representative));
  account.notes = TRY(read_notes("notes", account.notes));
  return account;
}

std::vector<Status> states_behind(Status status) {
  switch (status) {
    case Status::prospect:
      return {Status::onboarding, Status::closed};
    case Status::onboarding:
      return {Status::active, Status::closed};
    case Status::active:
      return {Status::suspended, Status::closed};
    case Status::suspended:
      return {Status::active, Status::closed};
    case Status::closed:
      return {Status::onboarding};
  }
  return {};
}

Result<> check_transition(Status from, Status to, const std::string& reason) {
  const auto next = states_behind(from);
  if (std::ranges::find(next, to) == next.end()) {
    std::string may;
    for (const auto state : next) (may += may.empty() ? "" : " or ") += to_string(state);
    return fail(Reason::illegal_transition, "status", std::string(to_string(from)) + " is followed by " + may);
  }
  if (reason.empty() && (to == Status::suspended || to == Status::closed)) {
    return fail(Reason::field_required, "reason", "is required to suspend or close an account");
  }
  return {};
}

Account with_changes(Account account, const ChangeAccount& command) {
  set(account.name, command.name);
  set(account.number, command.number);
  set(account.status, command.status);
  set(account.tier, command.tier);
  set(account.owner_id, command.owner_id);
  set(account.parent_id, command.parent_id);
  set(account.since, command.since);
  set(account.representative, command.representative);
  set(account.notes, command.notes);
  return account;
}

}  // namespace

Result<AccountCreated> create(const CreateAccount& command, const Surroundings& surroundings, Instant now) {
  const auto status = command.status.value_or(Status::prospect);
  if (status == Status::closed) {
    return fail(Reason::illegal_transition, "status", "an account is closed with a reason, once it exists");
  }
  if (command.parent_id && command.parent_id == command.id) {
    return fail(Reason::parent_cycle, "parent_id", "is the account itself");
  }
  CHECK_OK(check_owner(command.owner_id, surroundings));
  CHECK_OK(check_parent(command.parent_id, surroundings));
  auto account = TRY(checked({.id = command.id.value_or(new_id<AccountId>(now)),
                              .name = command.name,
                              .number = command.number,
                              .status = status,
                              .status_reason = {},
                              .tier = command.tier.value_or(Tier::standard),
                              .owner_id = command.owner_id,
                              .parent_id = command.parent_id,
                              .since = command.since,
                              .representative = command.representative,
                              .notes = command.notes,
                              .version = 1}));
  return AccountCreated{std::move(account)};
}

Result<Account> change(const Account& before, const ChangeAccount& command, const Surroundings& surroundings) {
  using T = Account;
  CHECK_OK(check_etag(before, command.etag));
  auto account = with_changes(before, command);
  CHECK_OK(clear_fields(account, command.clear, Field{"parent_id", &T::parent_id}, Field{"since", &T::since}));
  if (command.owner_id) CHECK_OK(check_owner(*command.owner_id, surroundings));
  if (command.parent_id) CHECK_OK(check_parent(account.parent_id, surroundings));
  const auto reason = clean(command.reason);
  CHECK_OK(check_size("reason", reason, max_status_reason_bytes));
  if (account.status != before.status) {
    CHECK_OK(check_transition(before.status, account.status, reason));
    account.status_reason = reason;
  }
  return next_version(before, TRY(checked(std::move(account))));
}

Result<> check_open(AccountStatus account) {
  if (account == AccountStatus::closed) return fail(Reason::account_closed, "account_id", "the account is closed");
  return {};
}

}  // namespace holdfast::accounts
