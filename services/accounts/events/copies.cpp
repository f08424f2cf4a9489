#include "accounts/events/copies.h"

#include "runtime/events/follow.h"

namespace holdfast::accounts {
namespace {

using events::Event;
using events::UnitOfWork;

// A key for each event: a dead letter goes back to the handler that it names.
constexpr auto handlers = "accounts.follow.";

CardSource source_of(const Event& event) { return {event.topic, event.sequence, event.occurred_at}; }

}  // namespace

// Whatever happened to it: an event carries the whole contract, or ticket, and that is all we want to know.

void follow_contracts(events::Consumer& consumer, CardCache& cache) {
  events::follow_all<Contract>(consumer, "holdfast.contracts.v1.Contract", "contract", handlers,
                               [&cache](UnitOfWork& work, const Contract& contract, const Event& event) {
                                 return keep_contract(work, contract, source_of(event), cache);
                               });
}

void follow_tickets(events::Consumer& consumer, CardCache& cache) {
  events::follow_all<Ticket>(consumer, "holdfast.tickets.v1.Ticket", "ticket", handlers,
                             [&cache](UnitOfWork& work, const Ticket& ticket, const Event& event) {
                               return keep_ticket(work, ticket, source_of(event), cache);
                             });
}

}  // namespace holdfast::accounts
