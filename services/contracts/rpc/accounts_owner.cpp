#include "contracts/rpc/accounts_owner.h"

#include "contracts/app/contracts.h"

namespace holdfast::contracts {

struct DescribeAccount {
  AccountId id;
};

}  // namespace holdfast::contracts

template <>
struct holdfast::Fields<holdfast::contracts::DescribeAccount> {
  static constexpr auto list = FieldList{Field{"id", &contracts::DescribeAccount::id}};
};

namespace holdfast::contracts {

Result<bool> AccountsOwner::learn(const Call& call, const AccountId& account) const {
  const auto described = command::call<AccountDescription>(
      client_, "holdfast.accounts.v1.AccountService/DescribeAccount", call, DescribeAccount{account});
  if (!described && described.error().code() == Code::not_found) return false;
  if (!described) return described.error();
  CHECK_OK(transactor_.run(call, [&](events::UnitOfWork& work) -> Result<> {
    CHECK_OK(keep_account(work, described->account));
    for (const auto& location : described->locations) CHECK_OK(keep_location(work, location));
    return {};
  }));
  return true;
}

}  // namespace holdfast::contracts
