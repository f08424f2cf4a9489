#include <google/protobuf/descriptor.h>

#include <span>

#include "command_line/request.h"
#include "command_line/session.h"
#include "command_line/special_verbs.h"
#include "command_line/verb.h"

namespace holdfast::command_line {

namespace {

// One line an RPC: its flags follow from the request's fields, and what is shown from the answer's.
constexpr Row accounts[] = {
    {"accounts create", "holdfast.accounts.v1.AccountService/CreateAccount", "Adds a customer", "name"},
    {"accounts list", "holdfast.accounts.v1.AccountService/ListAccounts", "Lists the customers by name", "",
     "name number status tier since id", "No customers yet. Add one with 'accounts create NAME', or import a book."},
    {"accounts show", "holdfast.accounts.v1.AccountService/GetAccount", "Shows an account", "id"},
    {"accounts change", "holdfast.accounts.v1.AccountService/ChangeAccount",
     "Changes an account: its owner, status, parent, name", "id"},
    {"accounts describe", "holdfast.accounts.v1.AccountService/DescribeAccount",
     "Shows an account with its locations and contacts", "id"},
    {"accounts add-location", "holdfast.accounts.v1.AccountService/AddLocation", "Adds a site", "account_id name"},
    {"accounts add-contact", "holdfast.accounts.v1.AccountService/AddContact", "Adds a person", "account_id name"},
    {"locations list", "holdfast.accounts.v1.AccountService/ListLocations", "Lists the sites of an account",
     "account_id", "name street city state postal_code time_zone status main_phone id", "The account has no sites."},
    {"locations show", "holdfast.accounts.v1.AccountService/GetLocation", "Shows a site", "id"},
    {"locations change", "holdfast.accounts.v1.AccountService/ChangeLocation", "Changes a site", "id"},
    {"contacts list", "holdfast.accounts.v1.AccountService/ListContacts", "Lists the people of an account",
     "account_id", "name title phone email id", "The account has no contacts."},
    {"contacts show", "holdfast.accounts.v1.AccountService/GetContact", "Shows a person", "id"},
    {"contacts change", "holdfast.accounts.v1.AccountService/ChangeContact", "Changes a person", "id"},
};

constexpr Row carriers[] = {
    {"carriers create", "holdfast.accounts.v1.CarrierService/CreateCarrier", "Adds a carrier", "name"},
    {"carriers list", "holdfast.accounts.v1.CarrierService/ListCarriers", "Lists the carriers by name", "",
     "name notes id", "No carriers yet. Add one with 'carriers create NAME', or import a book."},
    {"carriers show", "holdfast.accounts.v1.CarrierService/GetCarrier", "Shows a carrier", "id"},
    {"carriers change", "holdfast.accounts.v1.CarrierService/ChangeCarrier", "Changes a carrier", "id"},
    {"carriers contacts", "holdfast.accounts.v1.CarrierService/ListCarrierContacts",
     "Whom to call at a carrier now, or at an instant: who answers then comes first", "carrier_id",
     "function=contact.function level=contact.level name=contact.name call=phones email=contact.email "
     "verified=contact.verified_on id=contact.id",
     "The carrier has no such contacts."},
    {"carriers add-contact", "holdfast.accounts.v1.CarrierService/AddCarrierContact", "Adds a desk or a person to call",
     "carrier_id function"},
    {"carriers change-contact", "holdfast.accounts.v1.CarrierService/ChangeCarrierContact",
     "Changes a desk or a person to call", "id"},
    {"carriers remove-contact", "holdfast.accounts.v1.CarrierService/RemoveCarrierContact",
     "Forgets a desk or a person", "id"},
    {"carriers add-account", "holdfast.accounts.v1.CarrierService/AddCarrierAccount",
     "Adds the carrier's account number for a customer", "carrier_id account_id number"},
    {"carriers accounts", "holdfast.accounts.v1.CarrierService/ListCarrierAccounts",
     "Lists the carriers' account numbers for a customer", "account_id", "number btn carrier_id id",
     "No carrier accounts are known for this customer."},
};

constexpr Row products[] = {
    {"products add", "holdfast.accounts.v1.ProductService/AddProduct", "Adds a circuit, line or other product",
     "account_id carrier_id circuit_id"},
    {"products list", "holdfast.accounts.v1.ProductService/ListProducts", "Lists circuits, lines and other products",
     "", "circuit_id type service speed mrc status btn contract=contract_number id", "No products match."},
    {"products show", "holdfast.accounts.v1.ProductService/GetProduct", "Shows a product", "id"},
    {"products change", "holdfast.accounts.v1.ProductService/ChangeProduct", "Changes a product", "id"},
    {"products terminate", "holdfast.accounts.v1.ProductService/TerminateProduct", "Ends a product with its last day",
     "id terminated_on"},
    {"verifications set", "holdfast.accounts.v1.ProductService/SetVerification",
     "Keeps a PIN or passcode, encrypted, for a carrier account or a product", "kind"},
    {"verifications list", "holdfast.accounts.v1.ProductService/ListVerifications", "Lists what is kept, masked", "",
     "kind=verification.kind masked set_at=verification.set_at set_by=verification.set_by",
     "Nothing is kept for it. Add it with 'verifications set'."},
    {"verifications reveal", "holdfast.accounts.v1.ProductService/RevealVerification",
     "Shows a PIN or passcode; who asked and why is kept", "kind reason"},
};

constexpr Row agencies[] = {
    {"agencies show", "holdfast.accounts.v1.AgencyService/GetAgency", "Shows the agency that the key belongs to"},
    {"agencies add-staff", "holdfast.accounts.v1.AgencyService/AddStaff", "Adds somebody who works there", "name"},
    {"agencies show-staff", "holdfast.accounts.v1.AgencyService/GetStaff", "Shows somebody who works there", "id"},
    {"agencies create-key", "holdfast.accounts.v1.AgencyService/CreateKey",
     "Makes an API key for a program; shown once", "name"},
    {"agencies revoke-key", "holdfast.accounts.v1.AgencyService/RevokeKey", "Ends an API key", "id"},
};

constexpr Row imports[] = {
    {"imports show", "holdfast.accounts.v1.ImportService/GetImport", "Shows how far an import is", "id"},
    {"imports rows", "holdfast.accounts.v1.ImportService/ListImportRows", "Lists the rows of an import", "id",
     "sheet row verdict first_row", "No such rows."},
};

constexpr Row tickets[] = {
    {"tickets open", "holdfast.tickets.v1.TicketService/OpenTicket", "Opens a trouble ticket", "account_id name"},
    {"tickets show", "holdfast.tickets.v1.TicketService/GetTicket", "Shows a ticket", "id"},
    {"tickets list", "holdfast.tickets.v1.TicketService/ListTickets", "Lists tickets, the newest first", "",
     "priority status opened_at name carrier carrier_ticket account_id id",
     "No such tickets. Leave out a flag to see more."},
    {"tickets history", "holdfast.tickets.v1.TicketService/ListStatusChanges", "Shows what a ticket was, and when",
     "ticket_id", "changed_at status pause_reason changed_by version", "Nothing has happened to it."},
    {"tickets promises", "holdfast.tickets.v1.TicketService/ListPromises",
     "Shows what was promised about a ticket, and how it stands", "ticket_id",
     "name number state due_at warns_at elapsed_seconds remaining_seconds target_minutes hours time_zone stopped_at",
     "Nothing was promised about it."},
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
};

constexpr Row contracts[] = {
    {"contracts create", "holdfast.contracts.v1.ContractService/CreateContract", "Adds a contract", "account_id"},
    {"contracts show", "holdfast.contracts.v1.ContractService/GetContract", "Shows a contract", "id"},
    {"contracts list", "holdfast.contracts.v1.ContractService/ListContracts", "Lists contracts", "",
     "number carrier=carrier_name state decision ends=current_term.end deadline=current_term.notice_deadline "
     "a_month=mrc account_id id",
     "No contracts. Import a book with 'import FILE', or add one with 'contracts create'."},
    {"contracts terms", "holdfast.contracts.v1.ContractService/ListTerms",
     "Lists a contract's terms, those that stand first", "contract_id",
     "number start end notice_deadline origin replaced_in", "No terms: its first day is not known."},
    {"contracts reminders", "holdfast.contracts.v1.ContractService/ListReminders",
     "Lists what has fallen due on a contract", "contract_id",
     "effective_at kind lead_days term_end notice_deadline escalation mail replaced_in", "Nothing has fallen due yet."},
    {"contracts amend", "holdfast.contracts.v1.ContractService/AmendContract",
     "Changes a contract, or renews it on new terms", "id"},
    {"contracts send-notice", "holdfast.contracts.v1.ContractService/SendNotice", "Notes that notice went out", "id"},
    {"contracts acknowledge-notice", "holdfast.contracts.v1.ContractService/AcknowledgeNotice",
     "Notes that the carrier has confirmed the notice", "id"},
    {"contracts stay", "holdfast.contracts.v1.ContractService/DecideToStay",
     "Lets the running term roll or renew, knowingly", "id"},
    {"contracts terminate", "holdfast.contracts.v1.ContractService/TerminateContract",
     "Ends a contract on a day that was agreed", "id"},
    {"contracts snooze", "holdfast.contracts.v1.ContractService/SnoozeReminders",
     "Lets reminders wait for the morning of a day", "id until"},
    {"orders list", "holdfast.contracts.v1.OrderService/ListOrders", "Lists ports and disconnects", "",
     "kind state held_reason reference carrier=carrier_name submitted_on foc_date requested_date effective_date "
     "account_id id",
     "No orders."},
    {"deadlines", "holdfast.contracts.v1.ContractService/ListDeadlines",
     "Lists the days by which notice must be given, the worst first", "",
     "days_left! deadline=contract.current_term.notice_deadline account=account_name number=contract.number "
     "carrier=contract.carrier_name a_month=contract.mrc act_by=actionable_deadline id=contract.id",
     "No deadlines in these days. Look further ahead with --within 365d."},
};

constexpr Row notifications[] = {
    {"messages list", "holdfast.notifications.v1.MessageService/ListMessages",
     "Lists what was sent to people, the newest first", "", "created_at state template recipient_address subject id",
     "No messages: nobody was told anything."},
    {"messages show", "holdfast.notifications.v1.MessageService/GetMessage", "Shows what was sent to somebody", "id"},
    {"subscriptions create", "holdfast.notifications.v1.SubscriptionService/CreateSubscription",
     "Sends events to a URL by webhook; the secret that signs them is shown once", "callback_url"},
    {"subscriptions list", "holdfast.notifications.v1.SubscriptionService/ListSubscriptions", "Lists who hears of what",
     "", "state! callback_url event_names description id",
     "No subscriptions. Make one with holdfast subscriptions create URL."},
    {"subscriptions show", "holdfast.notifications.v1.SubscriptionService/GetSubscription", "Shows a subscription",
     "id"},
    {"subscriptions change", "holdfast.notifications.v1.SubscriptionService/ChangeSubscription",
     "Changes where a subscription goes, or of what it hears", "id"},
    {"subscriptions pause", "holdfast.notifications.v1.SubscriptionService/PauseSubscription",
     "Keeps what happens instead of sending it", "id"},
    {"subscriptions resume", "holdfast.notifications.v1.SubscriptionService/ResumeSubscription",
     "Sends again, what was kept first", "id"},
    {"subscriptions rotate", "holdfast.notifications.v1.SubscriptionService/RotateSecret",
     "Makes a new secret, shown once; the old one signs as well for a day", "id"},
    {"subscriptions delete", "holdfast.notifications.v1.SubscriptionService/DeleteSubscription",
     "Ends a subscription and forgets what it was sent", "id"},
    {"deliveries list", "holdfast.notifications.v1.DeliveryService/ListDeliveries",
     "Lists what a subscription was sent, the newest first", "subscription_id",
     "created_at state attempts event_name account_id next_attempt_at id", "No deliveries: nothing has happened."},
    {"deliveries show", "holdfast.notifications.v1.DeliveryService/GetDelivery",
     "Shows a delivery with every attempt at it", "id"},
    {"deliveries replay", "holdfast.notifications.v1.DeliveryService/ReplayDeliveries",
     "Sends again: one delivery, or all of a subscription since an instant", "subscription_id"},
};

constexpr Row operations[] = {
    {"dlq list", "holdfast.operations.v1.OperationsService/ListDeadLetters",
     "Lists events that a handler could not handle", "", "died_at service handler type event_id reason message",
     "No dead letters: every event was handled.", Identity::operations},
    {"dlq redrive", "holdfast.operations.v1.OperationsService/RedriveDeadLetter",
     "Gives such an event to its handler again", "service handler event_id", "", "", Identity::operations},
    {"dlq redrive-all", "holdfast.operations.v1.OperationsService/RedriveDeadLetters",
     "Gives all such events of a topic to their handler again", "service handler topic", "", "", Identity::operations,
     "complete"},
    {"clock show", "holdfast.operations.v1.OperationsService/GetClock", "Shows the business clock", "", "", "",
     Identity::operations},
    {"verify", "holdfast.operations.v1.OperationsService/Verify", "Checks what must always hold", "",
     "service name holds! detail", "No service answered.", Identity::operations, "holds"},
};

Verb verb_of(const Row& row) {
  return {.path = std::string(row.path),
          .summary = std::string(row.summary),
          .flags = flags_of(*find_method(row.method), row.by_place),
          .run = [&row](Session& session, const Values& values) { return run_row(session, row, values); }};
}

}  // namespace

const std::vector<Row>& rows() {
  static const std::vector<Row> all = [] {
    std::vector<Row> list;
    using Rows = std::span<const Row>;
    for (const auto& some : {Rows(accounts), Rows(carriers), Rows(products), Rows(agencies), Rows(imports),
                             Rows(tickets), Rows(contracts), Rows(notifications), Rows(operations)}) {
      list.insert(list.end(), some.begin(), some.end());
    }
    return list;
  }();
  return all;
}

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> all = [] {
    std::vector<Verb> list;
    for (const auto& row : rows()) list.push_back(verb_of(row));
    for (auto make : {import_verb, lookup_verb, create_agency_verb, preview_contracts_verb, preview_sla_verb,
                      advance_clock_verb, tail_events_verb, completion_verb}) {
      list.push_back(make());
    }
    return list;
  }();
  return all;
}

}  // namespace holdfast::command_line
