#include "contracts/rpc/contracts.h"

#include "contracts/app/contracts.h"

namespace holdfast::contracts {

void serve_contracts(command::Commands& rpc, const AccountsOwner& accounts) {
  rpc.command("CreateContract", create_contract, accounts.learner(&CreateContract::account_id));
  rpc.command("AmendContract", amend_contract);
  rpc.command("SendNotice", send_notice);
  rpc.command("AcknowledgeNotice", acknowledge_notice);
  rpc.command("DecideToStay", decide_to_stay);
  rpc.command("TerminateContract", terminate_contract);
  rpc.command("SnoozeReminders", snooze_reminders);
  rpc.command("ImportContracts", import_contracts);
  rpc.query("GetContract", get_contract);
  rpc.query("ListContracts", list_contracts);
  rpc.query("ListTerms", list_terms);
  rpc.query("ListReminders", list_reminders);
  rpc.query("PreviewTerm", preview_term);
  rpc.query("ListDeadlines", list_deadlines);
}

void serve_orders(command::Commands& rpc) {
  rpc.command("ImportOrders", import_orders);
  rpc.query("ListOrders", list_orders);
}

}  // namespace holdfast::contracts
