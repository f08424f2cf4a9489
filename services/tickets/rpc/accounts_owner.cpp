#include "tickets/rpc/accounts_owner.h"

#include "tickets/app/tickets.h"

namespace holdfast::tickets {
namespace {

Result<> keep(events::UnitOfWork& work, const AccountDescription& description) {
  CHECK_OK(keep_account(work, description.account));
  for (const auto& location : description.locations) CHECK_OK(keep_location(work, location));
  for (const auto& contact : description.contacts) CHECK_OK(keep_contact(work, contact));
  return {};
}

}  // namespace

AccountsOwner accounts_owner(rpc::Client client, events::Transactor& transactor) {
  return {std::move(client), transactor, "holdfast.accounts.v1.AccountService/DescribeAccount", keep};
}

StaffOwner staff_owner(rpc::Client client, events::Transactor& transactor) {
  return {std::move(client), transactor, "holdfast.accounts.v1.AgencyService/GetStaff", keep_staff};
}

}  // namespace holdfast::tickets
