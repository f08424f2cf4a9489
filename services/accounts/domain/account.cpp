#include "accounts/domain/account.h"

#include "accounts/domain/text.h"

namespace holdfast::accounts {
namespace {

Result<> check_parent(const CreateAccount& command, const Surroundings& surroundings) {
  if (!command.parent_id) return {};
  if (command.parent_id == command.id) return fail(Reason::parent_cycle, "parent_id", "is the account itself");
  if (!surroundings.parent_depth) {
    return fail(Reason::account_not_found, "parent_id", "there is no account " + to_string(*command.parent_id));
  }
  if (*surroundings.parent_depth >= max_depth) {
    return fail(Reason::field_out_of_range, "parent_id", "accounts are at most 6 deep");
  }
  return {};
}

}  // namespace

Result<AccountCreated> create(const CreateAccount& command, const Surroundings& surroundings, Instant now) {
  const auto status = command.status.value_or(AccountStatus::prospect);
  if (status == AccountStatus::closed) {
    return fail(Reason::illegal_transition, "status", "an account is closed with a reason, once it exists");
  }
  if (!surroundings.owner_exists) {
    return fail(Reason::staff_not_found, "owner_id", "there is no member of staff " + to_string(command.owner_id));
  }
  CHECK_OK(check_parent(command, surroundings));
  auto name = TRY(read_name("name", command.name));
  auto number = TRY(read_line("number", command.number));
  auto representative = TRY(read_line("representative", command.representative));
  auto notes = TRY(read_notes("notes", command.notes));
  return AccountCreated{{.id = command.id.value_or(new_id<AccountId>(now)),
                         .name = std::move(name),
                         .number = std::move(number),
                         .status = status,
                         .status_reason = {},
                         .tier = command.tier.value_or(Tier::standard),
                         .owner_id = command.owner_id,
                         .parent_id = command.parent_id,
                         .since = command.since,
                         .representative = std::move(representative),
                         .notes = std::move(notes),
                         .version = 1}};
}

Result<> check_open(AccountStatus account) {
  if (account == AccountStatus::closed) return fail(Reason::account_closed, "account_id", "the account is closed");
  return {};
}

}  // namespace holdfast::accounts
