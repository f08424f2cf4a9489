#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tickets/domain/ticket.h"

// What becomes of a ticket after it was opened: TMF621's transitions. Each rule gives the ticket as it then is, with
// its next version; what is published follows from before and after.
//
//   acknowledged -> inProgress | rejected | cancelled
//   inProgress  <-> pending | held;  inProgress -> resolved | cancelled;  pending, held -> cancelled
//   resolved     -> closed | inProgress (reopened)
//
// closed, cancelled and rejected are final: what goes wrong again after a close is a new ticket.
namespace holdfast::tickets {

// `etag`, where it is given, is the version that the caller saw; a ticket that has changed since is refused.
struct AssignTicket {
  TicketId id;
  StaffId owner_id;
  std::string etag;
};
struct LinkCarrierTicket {
  TicketId id;
  std::string carrier;
  std::string carrier_ticket;
  std::string etag;
};
struct PauseTicket {
  TicketId id;
  PauseReason reason{};
  std::string etag;
};
struct ResumeTicket {
  TicketId id;
  std::string etag;
};
struct ResolveTicket {
  TicketId id;
  std::string resolution;
  std::string etag;
};
struct CloseTicket {
  TicketId id;
  std::string etag;
};
struct ReopenTicket {
  TicketId id;
  std::string etag;
};
struct CancelTicket {
  TicketId id;
  std::string etag;
};

struct TicketChanged {
  Ticket ticket;
};
struct TicketAssigned {
  Ticket ticket;
  std::string assigned_by;
};
struct TicketStatusChanged {
  Ticket ticket;
  TicketStatus before{};
};
struct TicketResolved {
  Ticket ticket;
};
struct TicketClosed {
  Ticket ticket;
};

// Somebody has taken it: an acknowledged ticket is in progress from then on.
Result<Ticket> assign(Ticket ticket, const AssignTicket& command);
// Whether an assignment gave it to somebody who was not at it already.
bool changed_hands(const Ticket& before, const Ticket& after);
Result<Ticket> link_carrier(Ticket ticket, const LinkCarrierTicket& command);
// Waiting for the customer is pending, anything else is held.
Result<Ticket> pause(Ticket ticket, const PauseTicket& command);
Result<Ticket> resume(Ticket ticket, const ResumeTicket& command);
Result<Ticket> resolve(Ticket ticket, const ResolveTicket& command, Instant now);
Result<Ticket> close(Ticket ticket, const CloseTicket& command);
Result<Ticket> reopen(Ticket ticket, const ReopenTicket& command);
Result<Ticket> cancel(Ticket ticket, const CancelTicket& command);

// R65: when a ticket that was resolved then closes if nobody objects: when the third business day after the local date
// is over. TIME_ZONE_UNKNOWN.
Result<Instant> closes_at(Instant resolved_at, const std::string& time_zone);

}  // namespace holdfast::tickets

namespace holdfast {

template <>
struct Fields<tickets::AssignTicket> {
  using T = tickets::AssignTicket;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"owner_id", &T::owner_id}, Field{"etag", &T::etag}};
};
template <>
struct Fields<tickets::LinkCarrierTicket> {
  using T = tickets::LinkCarrierTicket;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"carrier", &T::carrier},
                                         Field{"carrier_ticket", &T::carrier_ticket}, Field{"etag", &T::etag}};
};
template <>
struct Fields<tickets::PauseTicket> {
  using T = tickets::PauseTicket;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"reason", &T::reason}, Field{"etag", &T::etag}};
};
template <>
struct Fields<tickets::ResumeTicket> {
  using T = tickets::ResumeTicket;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"etag", &T::etag}};
};
template <>
struct Fields<tickets::ResolveTicket> {
  using T = tickets::ResolveTicket;
  static constexpr auto list =
      FieldList{Field{"id", &T::id}, Field{"resolution", &T::resolution}, Field{"etag", &T::etag}};
};
template <>
struct Fields<tickets::CloseTicket> {
  using T = tickets::CloseTicket;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"etag", &T::etag}};
};
template <>
struct Fields<tickets::ReopenTicket> {
  using T = tickets::ReopenTicket;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"etag", &T::etag}};
};
template <>
struct Fields<tickets::CancelTicket> {
  using T = tickets::CancelTicket;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"etag", &T::etag}};
};
template <>
struct Fields<tickets::TicketChanged> {
  static constexpr std::string_view message = "holdfast.tickets.v1.TicketChanged";
  static constexpr auto list = FieldList{Field{"ticket", &tickets::TicketChanged::ticket}};
};
template <>
struct Fields<tickets::TicketAssigned> {
  using T = tickets::TicketAssigned;
  static constexpr std::string_view message = "holdfast.tickets.v1.TicketAssigned";
  static constexpr auto list = FieldList{Field{"ticket", &T::ticket}, Field{"assigned_by", &T::assigned_by}};
};
template <>
struct Fields<tickets::TicketStatusChanged> {
  using T = tickets::TicketStatusChanged;
  static constexpr std::string_view message = "holdfast.tickets.v1.TicketStatusChanged";
  static constexpr auto list = FieldList{Field{"ticket", &T::ticket}, Field{"before", &T::before}};
};
template <>
struct Fields<tickets::TicketResolved> {
  static constexpr std::string_view message = "holdfast.tickets.v1.TicketResolved";
  static constexpr auto list = FieldList{Field{"ticket", &tickets::TicketResolved::ticket}};
};
template <>
struct Fields<tickets::TicketClosed> {
  static constexpr std::string_view message = "holdfast.tickets.v1.TicketClosed";
  static constexpr auto list = FieldList{Field{"ticket", &tickets::TicketClosed::ticket}};
};

}  // namespace holdfast
