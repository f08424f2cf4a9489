#include "accounts/service.h"

#include "accounts/events/copies.h"
#include "accounts/events/own_book.h"
#include "accounts/migrations.h"
#include "accounts/rpc/accounts.h"
#include "accounts/rpc/agencies.h"
#include "accounts/rpc/carriers.h"
#include "accounts/rpc/contracts_peer.h"
#include "accounts/rpc/imports.h"
#include "accounts/rpc/products.h"
#include "accounts/store/constraints.h"
#include "accounts/store/invariants.sql.h"

namespace holdfast::accounts {

Accounts::Accounts(app::Process& process)
    : Service(process,
              {.name = "accounts",
               .migrations = migrations,
               .constraints = constraints,
               .consumes = {"holdfast.accounts", "holdfast.contracts", "holdfast.renewals", "holdfast.tickets"},
               .invariants = statements::all_of_invariants}),
      cache_settings_(process.settings().section("accounts.cache")) {
  process.declare_peer("contracts");
}

Result<> Accounts::add() {
  tokens_.emplace(TokenMaker{process().signer(), process().system_clock()});
  keys_ = TRY(process().key_ring());
  serve_agencies(serve("holdfast.accounts.v1.AgencyService"), *tokens_);
  CHECK_OK(add_lookup());
  serve_accounts(serve("holdfast.accounts.v1.AccountService"), *cache_);
  serve_carriers(serve("holdfast.accounts.v1.CarrierService"), *cache_);
  serve_products(serve("holdfast.accounts.v1.ProductService"), *keys_, *cache_);
  process().exchange_keys_by([this](const Call& call, std::string_view key) -> Result<std::string> {
    const ExchangeKey query{std::string(key)};
    return TRY(database().read(
                   call, [&](sql::Transaction& transaction) { return exchange_key(transaction, query, *tokens_); }))
        .token;
  });
  return add_imports();
}

Result<> Accounts::add_imports() {
  auto& timers = system_timers();
  contracts_.emplace(TRY(process().connect("contracts", name())));
  import_desk_.emplace(ImportDesk{process().system_clock(), [&timers] { timers.wake(); }});
  serve_imports(serve("holdfast.accounts.v1.ImportService"), *import_desk_);
  import_worker_ = std::make_unique<ImportWorker>(
      ImportWorkshop{background_transactor(), process().system_clock(), contracts_through(*contracts_)}, timers);
  return {};
}

void Accounts::request_remove() {
  if (import_worker_) import_worker_->request_stop();
}

void Accounts::remove() { import_worker_.reset(); }

Result<> Accounts::add_lookup() {
  const auto redis = TRY(cache_settings_.redis_options(*process().own().redis_address, name()));
  const auto registry = process().registry().labelled("service", name());
  if (redis) redis_.emplace(*redis, registry);
  cache_.emplace(cache_settings_.limits(), redis_ ? &*redis_ : nullptr, process().system_clock(), registry);
  lookup_.emplace(database(), *cache_, process().business_clock());
  lookup_->serve(process().server().add_service("holdfast.accounts.v1.LookupService"));
  keep_copies(consumer());
  return {};
}

void Accounts::take_back(events::OwnEvents& own) { take_back_own_book(own); }

// All that it ever does about events.
void Accounts::keep_copies(events::Consumer& consumer) {
  follow_own_book(consumer, *cache_);
  follow_contracts(consumer, *cache_);
  follow_tickets(consumer, *cache_);
}

}  // namespace holdfast::accounts
