#include "tickets/rpc/accounts_owner.h"

#include "tickets/app/tickets.h"

namespace holdfast::tickets {

struct DescribeAccount {
  AccountId id;
};

}  // namespace holdfast::tickets

template <>
struct holdfast::Fields<holdfast::tickets::DescribeAccount> {
  static constexpr auto list = FieldList{Field{"id", &tickets::DescribeAccount::id}};
};

namespace holdfast::tickets {

Result<bool> AccountsOwner::learn(const Call& call, const AccountId& account) const {
  const auto described = command::call<AccountDescription>(
      client_, "holdfast.accounts.v1.AccountService/DescribeAccount", call, DescribeAccount{account});
  if (!described && described.error().code() == Code::not_found) return false;
  if (!described) return described.error();
  CHECK_OK(transactor_.run(call, [&](events::UnitOfWork& work) -> Result<> {
    CHECK_OK(keep_account(work, described->account));
    for (const auto& location : described->locations) CHECK_OK(keep_location(work, location));
    for (const auto& contact : described->contacts) CHECK_OK(keep_contact(work, contact));
    return {};
  }));
  return true;
}

}  // namespace holdfast::tickets
