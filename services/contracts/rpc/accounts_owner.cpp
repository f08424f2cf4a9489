#include "contracts/rpc/accounts_owner.h"

#include "contracts/app/contracts.h"

namespace holdfast::contracts {
namespace {

Result<AccountDescription> describe(const rpc::Client& client, const Call& call, const AccountId& account) {
  return command::call<AccountDescription>(client, "holdfast.accounts.v1.AccountService/DescribeAccount", call,
                                           command::ById<AccountId>{account});
}

Result<> keep(events::UnitOfWork& work, const AccountDescription& description) {
  CHECK_OK(keep_account(work, description.account));
  for (const auto& location : description.locations) CHECK_OK(keep_location(work, location));
  return {};
}

}  // namespace

AccountsOwner accounts_owner(rpc::Client client, events::Transactor& transactor) {
  return {std::move(client), transactor, describe, keep};
}

}  // namespace holdfast::contracts
