#include "accounts/app/accounts.h"
#include "accounts/domain/text.h"
#include "accounts/store/accounts.sql.h"

namespace holdfast::accounts {

Result<Account> create_account(events::UnitOfWork& work, const CreateAccount& command) {
  if (command.parent_id) work.transaction.defer(statements::share_tree, work.agency());
  const auto surroundings = TRY((work.transaction.one<Surroundings>(statements::load_surroundings, command.owner_id,
                                                                    command.parent_id, std::optional<AccountId>())));
  const auto created = TRY(create(command, surroundings, work.now));
  const auto& account = created.account;
  CHECK_OK(work.transaction.exec(statements::insert_account, work.agency(), account, fold(account.name),
                                 form_key(account.name)));
  work.publish(created);
  return account;
}

}  // namespace holdfast::accounts
