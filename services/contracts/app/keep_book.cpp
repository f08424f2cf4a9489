#include "contracts/app/contracts.h"
#include "contracts/app/hold_contract.h"
#include "contracts/store/book.sql.h"
#include "contracts/store/contracts.sql.h"

namespace holdfast::contracts {

Result<> follow_account(events::UnitOfWork& work, AccountId account) {
  const auto standing =
      TRY((work.transaction.maybe<Standing>(statements::load_standing, account, std::optional<LocationId>())));
  if (!standing) return {};
  const auto unaware = TRY((work.transaction.many<Contract>(statements::lock_unaware, account, standing->early_lead)));
  for (const auto& contract : unaware) {
    const auto progress = advance(contract, work.now);
    record(work, progress);
    const auto decided = follow_standing(progress.contract, standing->early_lead, work.now);
    work.publish(ContractAmended{decided.contract, progress.contract, Change::early_lead, ""});
    TRY(leave_contract(work, decided.contract, decided.progress.next_due));
  }
  return {};
}

Result<std::vector<AccountId>> unfollowed_accounts(sql::Transaction& transaction) {
  return transaction.many<AccountId>(statements::unfollowed_accounts, transaction.agency());
}

Result<> copy_account(events::UnitOfWork& work, const Account& account) {
  work.transaction.defer(statements::keep_account, work.agency(), account);
  return {};
}

Result<> copy_location(events::UnitOfWork& work, const Location& location) {
  work.transaction.defer(statements::keep_location, work.agency(), location);
  return {};
}

Result<> keep_account(events::UnitOfWork& work, const Account& account) {
  work.transaction.defer(statements::hold_book, account.id);
  CHECK_OK(copy_account(work, account));
  return follow_account(work, account.id);
}

Result<> keep_location(events::UnitOfWork& work, const Location& location) {
  work.transaction.defer(statements::hold_book, location.account_id);
  CHECK_OK(copy_location(work, location));
  return follow_account(work, location.account_id);
}

}  // namespace holdfast::contracts
