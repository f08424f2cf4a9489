#include "contracts/rpc/contracts.h"

#include "contracts/app/contracts.h"

namespace holdfast::contracts {

void serve_contracts(command::Commands& rpc, const AccountsOwner& accounts) {
  rpc.command("CreateContract", create_contract, accounts.learner<CreateContract>());
  rpc.query("GetContract", get_contract);
  rpc.query("PreviewTerm", preview_term);
  rpc.query("ListDeadlines", list_deadlines);
}

}  // namespace holdfast::contracts
