#include "contracts/rpc/accounts_owner.h"

#include "contracts/app/contracts.h"

namespace holdfast::contracts {
namespace {

Result<> keep(events::UnitOfWork& work, const AccountDescription& description) {
  CHECK_OK(keep_account(work, description.account));
  for (const auto& location : description.locations) CHECK_OK(keep_location(work, location));
  return {};
}

}  // namespace

AccountsOwner accounts_owner(rpc::Client client, events::Transactor& transactor) {
  return {std::move(client), transactor, "holdfast.accounts.v1.AccountService/DescribeAccount", keep};
}

}  // namespace holdfast::contracts
