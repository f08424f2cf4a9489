#include "notifications/rpc/accounts_owner.h"

#include "notifications/app/book.h"

namespace holdfast::notifications {
namespace {

Result<AccountOfAgency> describe(const rpc::Client& client, const Call& call, const AccountId& id) {
  auto account = TRY(command::call<AccountDescription>(client, "holdfast.accounts.v1.AccountService/DescribeAccount",
                                                       call, command::ById<AccountId>{id}));
  auto agency = TRY(command::call<Agency>(client, "holdfast.accounts.v1.AgencyService/GetAgency", call, Unit{}));
  return AccountOfAgency{std::move(account), std::move(agency)};
}

Result<> keep(events::UnitOfWork& work, const AccountOfAgency& described) {
  CHECK_OK(keep_agency(work, described.agency));
  CHECK_OK(keep_staff(work, described.account.owner));
  CHECK_OK(keep_account(work, described.account.account));
  for (const auto& location : described.account.locations) CHECK_OK(keep_location(work, location));
  return {};
}

}  // namespace

AccountsOwner accounts_owner(rpc::Client client, events::Transactor& transactor) {
  return {std::move(client), transactor, describe, keep};
}

StaffOwner staff_owner(rpc::Client client, events::Transactor& transactor) {
  return {std::move(client), transactor, "holdfast.accounts.v1.AgencyService/GetStaff", keep_staff};
}

}  // namespace holdfast::notifications
