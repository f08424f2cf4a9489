#include "contracts/events/book.h"

#include "contracts/app/contracts.h"
#include "runtime/events/follow.h"

namespace holdfast::contracts {

namespace {

void follow_by(events::Consumer& consumer, Result<> (*account)(events::UnitOfWork&, const Account&),
               Result<> (*location)(events::UnitOfWork&, const Location&)) {
  using events::follow;
  follow<"holdfast.accounts.v1.AccountCreated", "account">(consumer, "contracts.keep_account", account);
  follow<"holdfast.accounts.v1.AccountChanged", "account">(consumer, "contracts.keep_changed_account", account);
  follow<"holdfast.accounts.v1.LocationAdded", "location">(consumer, "contracts.keep_location", location);
  follow<"holdfast.accounts.v1.LocationChanged", "location">(consumer, "contracts.keep_changed_location", location);
}

}  // namespace

void follow_book(events::Consumer& consumer) { follow_by(consumer, keep_account, keep_location); }
void copy_book(events::Consumer& consumer) { follow_by(consumer, copy_account, copy_location); }

Result<> follow_accounts(events::Transactor& transactor, const Call& call) {
  const auto accounts = TRY(transactor.database().read(call, unfollowed_accounts));
  for (const auto account : accounts) {
    CHECK_OK(transactor.run(call, [&](events::UnitOfWork& work) { return follow_account(work, account); }));
  }
  return {};
}

}  // namespace holdfast::contracts
