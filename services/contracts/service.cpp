#include "contracts/service.h"

#include "contracts/app/contracts.h"
#include "contracts/events/book.h"
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
  business_timers().on(std::string(term_timer), [](events::UnitOfWork& work, Uuid contract, Instant now) {
    return advance_contract(work, ContractId{contract}, now);
  });
  return {};
}

}  // namespace holdfast::contracts
