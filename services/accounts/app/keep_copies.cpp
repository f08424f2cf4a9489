#include <set>

#include "accounts/app/drop_cards.h"
#include "accounts/store/copies.sql.h"

namespace holdfast::accounts {
namespace {

Result<> drop_cards_of(events::UnitOfWork& work, const AccountId& account, CardCache& cache) {
  Touched touched;
  touched.accounts.push_back(account);
  return drop_with_commit(work, touched, cache);
}

}  // namespace

Result<std::vector<Uuid>> places_of(sql::Transaction& transaction, const Touched& touched) {
  const std::set<AccountId> accounts(touched.accounts.begin(), touched.accounts.end());
  if (touched.carriers.empty() && touched.owners.empty()) {
    if (accounts.empty()) return std::vector<Uuid>();
    if (accounts.size() == 1) return transaction.many<Uuid>(statements::places_of_account, *accounts.begin());
  }
  return transaction.many<Uuid>(statements::places_of, touched.accounts, touched.carriers, touched.owners);
}

Result<> keep_contract(events::UnitOfWork& work, const Contract& contract, const CardSource& source, CardCache& cache) {
  work.transaction.defer(statements::keep_contract, work.agency(), contract);
  work.transaction.defer(statements::keep_source, work.agency(), contract.account_id, source);
  return drop_cards_of(work, contract.account_id, cache);
}

Result<> keep_ticket(events::UnitOfWork& work, const Ticket& ticket, const CardSource& source, CardCache& cache) {
  work.transaction.defer(statements::keep_ticket, work.agency(), ticket);
  work.transaction.defer(statements::keep_source, work.agency(), ticket.account_id, source);
  return drop_cards_of(work, ticket.account_id, cache);
}

Result<> drop_cards_of_subject(events::UnitOfWork& work, const Uuid& subject, CardCache& cache) {
  const auto account = TRY((work.transaction.maybe<AccountId>(statements::account_of_subject, subject)));
  return account ? drop_cards_of(work, *account, cache) : Result<>();
}

}  // namespace holdfast::accounts
