#pragma once

#include "runtime/events/unit_of_work.h"
#include "tickets/domain/account.h"
#include "tickets/domain/promises.h"
#include "tickets/domain/sla_preview.h"
#include "tickets/domain/ticket.h"
#include "tickets/domain/ticket_life.h"
#include "tickets/domain/ticket_lists.h"

// The verbs of this service, each in a file of its own.
namespace holdfast::tickets {

struct GetTicket {
  TicketId id;
};

Result<Ticket> open_ticket(events::UnitOfWork& work, const OpenTicket& command);
Result<Ticket> assign_ticket(events::UnitOfWork& work, const AssignTicket& command);
Result<Ticket> link_carrier_ticket(events::UnitOfWork& work, const LinkCarrierTicket& command);
Result<Ticket> pause_ticket(events::UnitOfWork& work, const PauseTicket& command);
Result<Ticket> resume_ticket(events::UnitOfWork& work, const ResumeTicket& command);
Result<Ticket> resolve_ticket(events::UnitOfWork& work, const ResolveTicket& command);
Result<Ticket> close_ticket(events::UnitOfWork& work, const CloseTicket& command);
Result<Ticket> reopen_ticket(events::UnitOfWork& work, const ReopenTicket& command);
Result<Ticket> cancel_ticket(events::UnitOfWork& work, const CancelTicket& command);
Result<Ticket> get_ticket(sql::Transaction& transaction, const GetTicket& query);
Result<TicketList> list_tickets(sql::Transaction& transaction, const ListTickets& query);
Result<StatusChangeList> list_status_changes(sql::Transaction& transaction, const ListStatusChanges& query);
Result<PromiseList> list_promises(sql::Transaction& transaction, const ListPromises& query, Instant now);
Result<SlaPreview> preview_sla(sql::Transaction& transaction, const PreviewSla& query);

// What an event of ours says of a ticket, for a database that was restored and has forgotten it. Nothing is published:
// it was. DEPENDENCY_UNAVAILABLE until the ticket's account is known here.
Result<> take_back_ticket(events::UnitOfWork& work, const Ticket& ticket, Instant at);

// Copies of the book: from events, or from its owner when an event has not come yet.
Result<> keep_account(events::UnitOfWork& work, const Account& account);
Result<> keep_location(events::UnitOfWork& work, const Location& location);
Result<> keep_contact(events::UnitOfWork& work, const Contact& contact);
Result<> keep_staff(events::UnitOfWork& work, const Staff& staff);

}  // namespace holdfast::tickets

template <>
struct holdfast::Fields<holdfast::tickets::GetTicket> {
  static constexpr auto list = FieldList{Field{"id", &tickets::GetTicket::id}};
};
