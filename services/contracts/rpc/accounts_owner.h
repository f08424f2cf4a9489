#pragma once

#include "contracts/domain/account.h"
#include "runtime/command/remote.h"
#include "runtime/events/unit_of_work.h"
#include "runtime/rpc/client.h"

namespace holdfast::contracts {

// The service that owns accounts, asked when a command names one whose events have not come here yet.
class AccountsOwner {
 public:
  AccountsOwner(rpc::Client client, events::Transactor& transactor)
      : client_(std::move(client)), transactor_(transactor) {}

  // For Commands::command: learns the command's account if that is what the verb did not know.
  template <class Command>
  auto learner() const {
    return [this](const Call& call, const Command& command, const Error& error) -> Result<bool> {
      if (error.code() != Code::not_found) return false;
      return learn(call, command.account_id);
    };
  }

  // Whether the owner knows the account; then all of it is kept here. Blocks for one call and one transaction;
  // UNAVAILABLE when the owner cannot be asked.
  Result<bool> learn(const Call& call, const AccountId& account) const;

 private:
  rpc::Client client_;
  events::Transactor& transactor_;
};

}  // namespace holdfast::contracts
