#include "accounts/events/copies.h"

#include "runtime/events/follow.h"

namespace holdfast::accounts {
namespace {

// A name for each: a dead letter goes back to the handler that it names.
std::string handler_of(std::string_view message) {
  return "accounts.follow." + std::string(message.substr(message.rfind('.') + 1));
}

CardSource source_of(const events::Event& event) { return {event.topic, event.sequence, event.occurred_at}; }

using events::Event;
using events::UnitOfWork;

// Whatever happened to it: every event carries the whole contract, or ticket, and that is all we want to know.
template <events::Name message>
void keep_contract_of(events::Consumer& consumer, CardCache& cache) {
  using Fact = events::Carrying<message, "contract", Contract>;
  consumer.on<Fact>(handler_of(message.text), [&cache](UnitOfWork& work, const Fact& fact, const Event& event) {
    return keep_contract(work, fact.resource, source_of(event), cache);
  });
}

template <events::Name message>
void keep_ticket_of(events::Consumer& consumer, CardCache& cache) {
  using Fact = events::Carrying<message, "ticket", Ticket>;
  consumer.on<Fact>(handler_of(message.text), [&cache](UnitOfWork& work, const Fact& fact, const Event& event) {
    return keep_ticket(work, fact.resource, source_of(event), cache);
  });
}

}  // namespace

void follow_contracts(events::Consumer& consumer, CardCache& cache) {
  keep_contract_of<"holdfast.contracts.v1.ContractCreated">(consumer, cache);
  keep_contract_of<"holdfast.contracts.v1.ContractActivated">(consumer, cache);
  keep_contract_of<"holdfast.contracts.v1.ContractAmended">(consumer, cache);
  keep_contract_of<"holdfast.contracts.v1.ContractTerminated">(consumer, cache);
  keep_contract_of<"holdfast.contracts.v1.ContractExpiring">(consumer, cache);
  keep_contract_of<"holdfast.contracts.v1.NoticeDeadlineMissed">(consumer, cache);
  keep_contract_of<"holdfast.contracts.v1.ContractRolled">(consumer, cache);
  keep_contract_of<"holdfast.contracts.v1.ContractAutoRenewed">(consumer, cache);
  keep_contract_of<"holdfast.contracts.v1.ContractExpired">(consumer, cache);
  keep_contract_of<"holdfast.contracts.v1.NoticeSent">(consumer, cache);
  keep_contract_of<"holdfast.contracts.v1.NoticeAcknowledged">(consumer, cache);
}

void follow_tickets(events::Consumer& consumer, CardCache& cache) {
  keep_ticket_of<"holdfast.tickets.v1.TicketOpened">(consumer, cache);
  keep_ticket_of<"holdfast.tickets.v1.TicketChanged">(consumer, cache);
  keep_ticket_of<"holdfast.tickets.v1.TicketStatusChanged">(consumer, cache);
  keep_ticket_of<"holdfast.tickets.v1.TicketResolved">(consumer, cache);
  keep_ticket_of<"holdfast.tickets.v1.TicketClosed">(consumer, cache);
}

}  // namespace holdfast::accounts
