#include "contracts/service.h"

#include "contracts/app/register_timers.h"
#include "contracts/events/book.h"
#include "contracts/events/own_contracts.h"
#include "contracts/migrations.h"
#include "contracts/rpc/contracts.h"
#include "contracts/store/constraints.h"
#include "contracts/store/invariants.sql.h"

namespace holdfast::contracts {

Contracts::Contracts(app::Process& process)
    : Service(process, {.name = "contracts",
                        .migrations = migrations,
                        .constraints = constraints,
                        .consumes = {"holdfast.accounts"},
                        .invariants = statements::all_of_invariants}) {
  process.declare_peer("accounts");
}

Result<> Contracts::add() {
  auto accounts = TRY(process().connect("accounts", name()));
  accounts_.emplace(accounts_owner(std::move(accounts), transactor()));
  serve_contracts(serve("holdfast.contracts.v1.ContractService"), *accounts_);
  serve_orders(serve("holdfast.contracts.v1.OrderService"));
  follow_book(consumer());
  register_timers(business_timers());
  return {};
}

void Contracts::take_back(events::OwnEvents& own) { take_back_contracts(own); }

void Contracts::keep_copies(events::Consumer& consumer) { copy_book(consumer); }

Result<> Contracts::settle(const Call& call) { return follow_accounts(background_transactor(), call); }

}  // namespace holdfast::contracts
