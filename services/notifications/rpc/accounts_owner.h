#pragma once

#include "notifications/domain/ids.h"
#include "runtime/command/remote.h"
#include "runtime/events/unit_of_work.h"
#include "runtime/rpc/client.h"

namespace holdfast::notifications {

// The service that owns the book, asked when an event names an account whose own events have not come here yet.
class AccountsOwner {
 public:
  AccountsOwner(rpc::Client client, events::Transactor& transactor)
      : client_(std::move(client)), transactor_(transactor) {}

  // Whether the owner knows the account; then all of it, its owner and its agency are kept here. Blocks for two calls
  // and a transaction; UNAVAILABLE when the owner cannot be asked.
  Result<bool> learn(const Call& call, const AccountId& account) const;

 private:
  rpc::Client client_;
  events::Transactor& transactor_;
};

}  // namespace holdfast::notifications
