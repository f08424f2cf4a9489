#include "notifications/rpc/accounts_owner.h"

#include "notifications/app/book.h"

namespace holdfast::notifications {

struct DescribeAccount {
  AccountId id;
};

}  // namespace holdfast::notifications

template <>
struct holdfast::Fields<holdfast::notifications::DescribeAccount> {
  static constexpr auto list = FieldList{Field{"id", &notifications::DescribeAccount::id}};
};

namespace holdfast::notifications {

Result<bool> AccountsOwner::learn(const Call& call, const AccountId& account) const {
  const auto described = command::call<AccountDescription>(
      client_, "holdfast.accounts.v1.AccountService/DescribeAccount", call, DescribeAccount{account});
  if (!described && described.error().code() == Code::not_found) return false;
  if (!described) return described.error();
  const auto agency = TRY(command::call<Agency>(client_, "holdfast.accounts.v1.AgencyService/GetAgency", call, Unit{}));
  CHECK_OK(transactor_.run(call, [&](events::UnitOfWork& work) -> Result<> {
    CHECK_OK(keep_agency(work, agency));
    CHECK_OK(keep_staff(work, described->owner));
    CHECK_OK(keep_account(work, described->account));
    for (const auto& location : described->locations) CHECK_OK(keep_location(work, location));
    return {};
  }));
  return true;
}

}  // namespace holdfast::notifications
