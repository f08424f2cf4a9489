#include "accounts/app/accounts.h"
#include "accounts/domain/text.h"
#include "accounts/store/accounts.sql.h"

namespace holdfast::accounts {
namespace {

void publish_change(events::UnitOfWork& work, const Account& before, const Account& after) {
  work.publish(AccountChanged{after, before});
  if (after.status != before.status) work.publish(AccountStateChanged{after, before.status});
  if (after.owner_id != before.owner_id) work.publish(OwnerChanged{after, before.owner_id});
}

}  // namespace

Result<Account> change_account(events::UnitOfWork& work, const ChangeAccount& command) {
  const bool moves = command.parent_id.has_value();
  if (moves) work.transaction.defer(statements::move_branch, work.agency());
  const auto before = TRY((work.transaction.maybe<Account>(statements::lock_account, command.id)));
  if (!before) return fail(Reason::account_not_found, "id", "there is no account " + to_string(command.id));
  const auto branch = moves ? std::optional(command.id) : std::nullopt;
  const auto surroundings = TRY(
      (work.transaction.one<Surroundings>(statements::load_surroundings, command.owner_id, command.parent_id, branch)));
  const auto after = TRY(change(*before, command, surroundings));
  if (after == *before) return after;
  CHECK_OK(work.transaction.exec(statements::store_account, after, fold(after.name), form_key(after.name)));
  publish_change(work, *before, after);
  return after;
}

}  // namespace holdfast::accounts
