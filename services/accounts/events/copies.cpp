#include "accounts/events/copies.h"

namespace holdfast::accounts {
namespace {

// Whatever happened to it: every event carries the whole contract, or ticket, and that is all we want to know.
template <const std::string_view& Message>
struct OfContract {
  Contract contract;
};
template <const std::string_view& Message>
struct OfTicket {
  Ticket ticket;
};

constexpr std::string_view contract_created = "holdfast.contracts.v1.ContractCreated";
constexpr std::string_view contract_activated = "holdfast.contracts.v1.ContractActivated";
constexpr std::string_view contract_amended = "holdfast.contracts.v1.ContractAmended";
constexpr std::string_view contract_terminated = "holdfast.contracts.v1.ContractTerminated";
constexpr std::string_view contract_expiring = "holdfast.contracts.v1.ContractExpiring";
constexpr std::string_view notice_deadline_missed = "holdfast.contracts.v1.NoticeDeadlineMissed";
constexpr std::string_view contract_rolled = "holdfast.contracts.v1.ContractRolled";
constexpr std::string_view contract_auto_renewed = "holdfast.contracts.v1.ContractAutoRenewed";
constexpr std::string_view contract_expired = "holdfast.contracts.v1.ContractExpired";
constexpr std::string_view notice_sent = "holdfast.contracts.v1.NoticeSent";
constexpr std::string_view notice_acknowledged = "holdfast.contracts.v1.NoticeAcknowledged";

constexpr std::string_view ticket_opened = "holdfast.tickets.v1.TicketOpened";
constexpr std::string_view ticket_changed = "holdfast.tickets.v1.TicketChanged";
constexpr std::string_view ticket_status_changed = "holdfast.tickets.v1.TicketStatusChanged";
constexpr std::string_view ticket_resolved = "holdfast.tickets.v1.TicketResolved";
constexpr std::string_view ticket_closed = "holdfast.tickets.v1.TicketClosed";

// A name for each: a dead letter goes back to the handler that it names.
std::string handler_of(std::string_view message) {
  return "accounts.follow." + std::string(message.substr(message.rfind('.') + 1));
}

CardSource source_of(const events::Event& event) { return {event.topic, event.sequence, event.occurred_at}; }

}  // namespace
}  // namespace holdfast::accounts

namespace holdfast {

template <const std::string_view& Message>
struct Fields<accounts::OfContract<Message>> {
  static constexpr std::string_view message = Message;
  static constexpr auto list = FieldList{Field{"contract", &accounts::OfContract<Message>::contract}};
};

template <const std::string_view& Message>
struct Fields<accounts::OfTicket<Message>> {
  static constexpr std::string_view message = Message;
  static constexpr auto list = FieldList{Field{"ticket", &accounts::OfTicket<Message>::ticket}};
};

}  // namespace holdfast

namespace holdfast::accounts {
namespace {

using events::Event;
using events::UnitOfWork;

template <const std::string_view& Message>
void keep_contract_of(events::Consumer& consumer, CardCache& cache) {
  using Fact = OfContract<Message>;
  consumer.on<Fact>(handler_of(Message), [&cache](UnitOfWork& work, const Fact& fact, const Event& event) {
    return keep_contract(work, fact.contract, source_of(event), cache);
  });
}

template <const std::string_view& Message>
void keep_ticket_of(events::Consumer& consumer, CardCache& cache) {
  using Fact = OfTicket<Message>;
  consumer.on<Fact>(handler_of(Message), [&cache](UnitOfWork& work, const Fact& fact, const Event& event) {
    return keep_ticket(work, fact.ticket, source_of(event), cache);
  });
}

}  // namespace

void follow_contracts(events::Consumer& consumer, CardCache& cache) {
  keep_contract_of<contract_created>(consumer, cache);
  keep_contract_of<contract_activated>(consumer, cache);
  keep_contract_of<contract_amended>(consumer, cache);
  keep_contract_of<contract_terminated>(consumer, cache);
  keep_contract_of<contract_expiring>(consumer, cache);
  keep_contract_of<notice_deadline_missed>(consumer, cache);
  keep_contract_of<contract_rolled>(consumer, cache);
  keep_contract_of<contract_auto_renewed>(consumer, cache);
  keep_contract_of<contract_expired>(consumer, cache);
  keep_contract_of<notice_sent>(consumer, cache);
  keep_contract_of<notice_acknowledged>(consumer, cache);
}

void follow_tickets(events::Consumer& consumer, CardCache& cache) {
  keep_ticket_of<ticket_opened>(consumer, cache);
  keep_ticket_of<ticket_changed>(consumer, cache);
  keep_ticket_of<ticket_status_changed>(consumer, cache);
  keep_ticket_of<ticket_resolved>(consumer, cache);
  keep_ticket_of<ticket_closed>(consumer, cache);
}

}  // namespace holdfast::accounts
