#include "accounts/service.h"

#include "accounts/migrations.h"
#include "accounts/rpc/accounts.h"
#include "accounts/rpc/agencies.h"
#include "accounts/rpc/carriers.h"
#include "accounts/rpc/products.h"
#include "accounts/store/constraints.h"

namespace holdfast::accounts {

Accounts::Accounts(app::Process& process)
    : Service(process, {.name = "accounts", .migrations = migrations, .constraints = constraints, .consumes = {}}) {}

Result<> Accounts::add() {
  tokens_.emplace(TokenMaker{process().signer(), process().system_clock()});
  keys_ = TRY(process().key_ring());
  serve_agencies(serve("holdfast.accounts.v1.AgencyService"), *tokens_);
  serve_accounts(serve("holdfast.accounts.v1.AccountService"));
  serve_carriers(serve("holdfast.accounts.v1.CarrierService"));
  serve_products(serve("holdfast.accounts.v1.ProductService"), *keys_);
  process().exchange_keys_by([this](const Call& call, std::string_view key) -> Result<std::string> {
    const ExchangeKey query{std::string(key)};
    return TRY(database().read(
                   call, [&](sql::Transaction& transaction) { return exchange_key(transaction, query, *tokens_); }))
        .token;
  });
  return {};
}

}  // namespace holdfast::accounts
