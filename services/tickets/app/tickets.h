#pragma once

#include "runtime/events/unit_of_work.h"
#include "tickets/domain/account.h"
#include "tickets/domain/ticket.h"

// The verbs of this service, each in a file of its own.
namespace holdfast::tickets {

struct GetTicket {
  TicketId id;
};

Result<Ticket> open_ticket(events::UnitOfWork& work, const OpenTicket& command);
Result<Ticket> get_ticket(sql::Transaction& transaction, const GetTicket& query);

// Copies of the book: from events, or from its owner when an event has not come yet.
Result<> keep_account(events::UnitOfWork& work, const Account& account);
Result<> keep_location(events::UnitOfWork& work, const Location& location);
Result<> keep_contact(events::UnitOfWork& work, const Contact& contact);

}  // namespace holdfast::tickets

template <>
struct holdfast::Fields<holdfast::tickets::GetTicket> {
  static constexpr auto list = std::tuple{Field{"id", &tickets::GetTicket::id}};
};
