#include <google/protobuf/descriptor.h>

#include "command_line/request.h"
#include "command_line/session.h"
#include "command_line/special_verbs.h"
#include "command_line/verb.h"

namespace holdfast::command_line {

// One line an RPC: its flags follow from the request's fields, and what is shown from the answer's.
const std::vector<Row>& rows() {
  static const std::vector<Row> table{
      // accounts
      {"accounts create", "holdfast.accounts.v1.AccountService/CreateAccount", "Adds a customer", "name"},
      {"accounts show", "holdfast.accounts.v1.AccountService/GetAccount", "Shows an account", "id"},
      {"accounts describe", "holdfast.accounts.v1.AccountService/DescribeAccount",
       "Shows an account with its locations and contacts", "id"},
      {"accounts add-location", "holdfast.accounts.v1.AccountService/AddLocation", "Adds a site", "account_id name"},
      {"accounts add-contact", "holdfast.accounts.v1.AccountService/AddContact", "Adds a person", "account_id name"},
      // agencies
      {"agencies show", "holdfast.accounts.v1.AgencyService/GetAgency", "Shows the agency that the key belongs to"},
      {"agencies add-staff", "holdfast.accounts.v1.AgencyService/AddStaff", "Adds somebody who works there", "name"},
      {"agencies create-key", "holdfast.accounts.v1.AgencyService/CreateKey",
       "Makes an API key for a program; shown once", "name"},
      {"agencies revoke-key", "holdfast.accounts.v1.AgencyService/RevokeKey", "Ends an API key", "id"},
      // tickets
      {"tickets open", "holdfast.tickets.v1.TicketService/OpenTicket", "Opens a trouble ticket", "account_id name"},
      {"tickets show", "holdfast.tickets.v1.TicketService/GetTicket", "Shows a ticket", "id"},
      {"tickets assign", "holdfast.tickets.v1.TicketService/AssignTicket", "Gives a ticket to somebody", "id owner_id"},
      {"tickets link", "holdfast.tickets.v1.TicketService/LinkCarrierTicket", "Notes the carrier's own ticket",
       "id carrier carrier_ticket"},
      {"tickets pause", "holdfast.tickets.v1.TicketService/PauseTicket", "Stops work on a ticket, for a reason",
       "id reason"},
      {"tickets resume", "holdfast.tickets.v1.TicketService/ResumeTicket", "Goes on with a ticket", "id"},
      {"tickets resolve", "holdfast.tickets.v1.TicketService/ResolveTicket", "Service is back", "id resolution"},
      {"tickets close", "holdfast.tickets.v1.TicketService/CloseTicket", "The customer agrees; final", "id"},
      {"tickets reopen", "holdfast.tickets.v1.TicketService/ReopenTicket", "The customer does not agree", "id"},
      {"tickets cancel", "holdfast.tickets.v1.TicketService/CancelTicket", "Nobody needs it any more; final", "id"},
      // contracts
      {"contracts create", "holdfast.contracts.v1.ContractService/CreateContract", "Adds a contract", "account_id"},
      {"contracts show", "holdfast.contracts.v1.ContractService/GetContract", "Shows a contract", "id"},
      {"deadlines", "holdfast.contracts.v1.ContractService/ListDeadlines",
       "Lists the days by which notice must be given, the worst first", "",
       "days_left! deadline=contract.current_term.notice_deadline account=account_name number=contract.number "
       "carrier=contract.carrier_name a_month=contract.mrc act_by=actionable_deadline id=contract.id",
       "No deadlines in these days. Look further ahead with --within-days 365."},
      // notifications
      {"messages show", "holdfast.notifications.v1.MessageService/GetMessage", "Shows what was sent to somebody", "id"},
      // operations
      {"dlq list", "holdfast.operations.v1.OperationsService/ListDeadLetters",
       "Lists events that a handler could not handle", "", "died_at service handler type event_id reason message",
       "No dead letters: every event was handled.", Identity::operations},
      {"dlq redrive", "holdfast.operations.v1.OperationsService/RedriveDeadLetter",
       "Gives such an event to its handler again", "service handler event_id", "", "", Identity::operations},
      {"clock show", "holdfast.operations.v1.OperationsService/GetClock", "Shows the business clock", "", "", "",
       Identity::operations},
      {"verify", "holdfast.operations.v1.OperationsService/Verify", "Checks what must always hold", "",
       "service name holds! detail", "No service answered.", Identity::operations, "holds"},
  };
  return table;
}

namespace {

Verb verb_of(const Row& row) {
  return {.path = std::string(row.path),
          .summary = std::string(row.summary),
          .flags = flags_of(*find_method(row.method)->input_type(), row.by_place),
          .run = [&row](Session& session, const Values& values) { return run_row(session, row, values); }};
}

}  // namespace

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> all = [] {
    std::vector<Verb> list;
    for (const auto& row : rows()) list.push_back(verb_of(row));
    for (auto make :
         {create_agency_verb, preview_contracts_verb, advance_clock_verb, tail_events_verb, completion_verb}) {
      list.push_back(make());
    }
    return list;
  }();
  return all;
}

}  // namespace holdfast::command_line
