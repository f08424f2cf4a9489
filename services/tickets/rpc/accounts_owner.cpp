#include "tickets/rpc/accounts_owner.h"

#include "tickets/app/tickets.h"

namespace holdfast::tickets {
namespace {

Result<AccountDescription> describe(const rpc::Client& client, const Call& call, const AccountId& account) {
  return command::call<AccountDescription>(client, "holdfast.accounts.v1.AccountService/DescribeAccount", call,
                                           command::ById<AccountId>{account});
}

Result<> keep(events::UnitOfWork& work, const AccountDescription& description) {
  CHECK_OK(keep_account(work, description.account));
  for (const auto& location : description.locations) CHECK_OK(keep_location(work, location));
  for (const auto& contact : description.contacts) CHECK_OK(keep_contact(work, contact));
  return {};
}

}  // namespace

AccountsOwner accounts_owner(rpc::Client client, events::Transactor& transactor) {
  return {std::move(client), transactor, describe, keep};
}

}  // namespace holdfast::tickets
