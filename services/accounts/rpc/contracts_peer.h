#pragma once

#include "accounts/app/contracts_port.h"
#include "runtime/rpc/client.h"

namespace holdfast::accounts {

// The service that owns contracts and orders, over gRPC. `client` outlives what is given.
ContractsPort contracts_through(const rpc::Client& client);

}  // namespace holdfast::accounts
