#pragma once

#include "runtime/command/commands.h"
#include "runtime/secrets/key_ring.h"

namespace holdfast::accounts {

// holdfast.accounts.v1.ProductService, one line an RPC. `keys` outlives the server.
void serve_products(command::Commands& rpc, const secrets::KeyRing& keys);

}  // namespace holdfast::accounts
