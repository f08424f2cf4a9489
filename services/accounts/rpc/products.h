#pragma once

#include "accounts/app/card_cache.h"
#include "runtime/command/commands.h"
#include "runtime/secrets/key_ring.h"

namespace holdfast::accounts {

// holdfast.accounts.v1.ProductService, one line an RPC. `keys` and `cache` outlive the server.
void serve_products(command::Commands& rpc, const secrets::KeyRing& keys, CardCache& cache);

}  // namespace holdfast::accounts
