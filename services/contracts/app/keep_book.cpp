#include "contracts/app/contracts.h"
#include "contracts/app/hold_contract.h"
#include "contracts/store/book.sql.h"
#include "contracts/store/contracts.sql.h"

namespace holdfast::contracts {
namespace {

Result<> follow_book(events::UnitOfWork& work, AccountId account) {
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

}  // namespace

Result<> keep_account(events::UnitOfWork& work, const Account& account) {
  work.transaction.defer(statements::hold_book, account.id);
  work.transaction.defer(statements::keep_account, work.agency(), account);
  return follow_book(work, account.id);
}

Result<> keep_location(events::UnitOfWork& work, const Location& location) {
  work.transaction.defer(statements::hold_book, location.account_id);
  work.transaction.defer(statements::keep_location, work.agency(), location);
  return follow_book(work, location.account_id);
}

}  // namespace holdfast::contracts
