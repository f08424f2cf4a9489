#include "tickets/domain/ticket_life.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "runtime/calendar/business_days.h"
#include "runtime/calendar/zone.h"
#include "runtime/core/limits.h"

namespace holdfast::tickets {
namespace {

constexpr size_t max_carrier_bytes = 200;
constexpr size_t max_resolution_bytes = 4096;
constexpr int business_days_to_object = 3;  // R65

struct Transition {
  TicketStatus from;
  TicketStatus to;
};

constexpr std::array transitions{
    Transition{TicketStatus::acknowledged, TicketStatus::in_progress},
    Transition{TicketStatus::acknowledged, TicketStatus::rejected},
    Transition{TicketStatus::acknowledged, TicketStatus::cancelled},
    Transition{TicketStatus::in_progress, TicketStatus::pending},
    Transition{TicketStatus::in_progress, TicketStatus::held},
    Transition{TicketStatus::in_progress, TicketStatus::resolved},
    Transition{TicketStatus::in_progress, TicketStatus::cancelled},
    Transition{TicketStatus::pending, TicketStatus::in_progress},
    Transition{TicketStatus::pending, TicketStatus::cancelled},
    Transition{TicketStatus::held, TicketStatus::in_progress},
    Transition{TicketStatus::held, TicketStatus::cancelled},
    Transition{TicketStatus::resolved, TicketStatus::closed},
    Transition{TicketStatus::resolved, TicketStatus::in_progress},
};

std::string names_of_next(TicketStatus from) {
  std::string names;
  for (const auto& transition : transitions) {
    if (transition.from != from) continue;
    if (!names.empty()) names += ", ";
    names += to_string(transition.to);
  }
  return names.empty() ? "none: it is final" : names;
}

Result<Ticket> move(Ticket ticket, TicketStatus to) {
  const bool legal = std::ranges::any_of(transitions, [&](const Transition& transition) {
    return transition.from == ticket.status && transition.to == to;
  });
  if (!legal) {
    return fail(Reason::illegal_transition,
                fmt::format("a ticket that is {} cannot become {}; it may become: {}", to_string(ticket.status),
                            to_string(to), names_of_next(ticket.status)));
  }
  ticket.status = to;
  ++ticket.version;
  return ticket;
}

bool is_final(TicketStatus status) {
  return status == TicketStatus::closed || status == TicketStatus::cancelled || status == TicketStatus::rejected;
}

Result<> check_open(const Ticket& ticket) {
  if (!is_final(ticket.status)) return {};
  return fail(Reason::illegal_transition,
              fmt::format("the ticket is {} and changes no more: open a new one", to_string(ticket.status)));
}

}  // namespace

Result<Ticket> assign(Ticket ticket, const AssignTicket& command) {
  CHECK_OK(check_open(ticket));
  ticket.owner_id = command.owner_id;
  if (ticket.status == TicketStatus::acknowledged) return move(std::move(ticket), TicketStatus::in_progress);
  ++ticket.version;
  return ticket;
}

bool changed_hands(const Ticket& before, const Ticket& after) {
  return after.owner_id != before.owner_id || before.status == TicketStatus::acknowledged;
}

Result<Ticket> link_carrier(Ticket ticket, const LinkCarrierTicket& command) {
  CHECK_OK(check_open(ticket));
  if (command.carrier.empty()) return fail(Reason::field_required, "carrier", "names whose ticket it is");
  if (command.carrier_ticket.empty()) return fail(Reason::field_required, "carrier_ticket", "is the carrier's number");
  CHECK_OK(check_size("carrier", command.carrier, max_carrier_bytes));
  CHECK_OK(check_size("carrier_ticket", command.carrier_ticket, max_carrier_bytes));
  ticket.carrier = command.carrier;
  ticket.carrier_ticket = command.carrier_ticket;
  ++ticket.version;
  return ticket;
}

Result<Ticket> pause(Ticket ticket, const PauseTicket& command) {
  const bool customer = command.reason == PauseReason::pending_customer;
  ticket = TRY(move(std::move(ticket), customer ? TicketStatus::pending : TicketStatus::held));
  ticket.pause_reason = command.reason;
  return ticket;
}

Result<Ticket> resume(Ticket ticket, const ResumeTicket&) {
  if (!ticket.pause_reason) return fail(Reason::illegal_transition, "the ticket is not paused");
  ticket = TRY(move(std::move(ticket), TicketStatus::in_progress));
  ticket.pause_reason.reset();
  return ticket;
}

Result<Ticket> resolve(Ticket ticket, const ResolveTicket& command, Instant now) {
  if (command.resolution.empty()) {
    return fail(Reason::field_required, "resolution", "says in words for the customer what was done");
  }
  CHECK_OK(check_size("resolution", command.resolution, max_resolution_bytes));
  ticket = TRY(move(std::move(ticket), TicketStatus::resolved));
  ticket.resolution = command.resolution;
  ticket.resolved_at = now;
  return ticket;
}

Result<Ticket> close(Ticket ticket, const CloseTicket&) { return move(std::move(ticket), TicketStatus::closed); }

Result<Instant> closes_at(Instant resolved_at, const std::string& time_zone) {
  const auto zone = TRY(parse_zone(time_zone));
  const auto last = business_day_after(local_date(zone, resolved_at), business_days_to_object);
  return first_instant(zone, last + std::chrono::days{1});
}

Result<Ticket> reopen(Ticket ticket, const ReopenTicket&) {
  if (ticket.status != TicketStatus::resolved) {
    return fail(Reason::illegal_transition,
                fmt::format("only a resolved ticket is reopened; this one is {}", to_string(ticket.status)));
  }
  ticket = TRY(move(std::move(ticket), TicketStatus::in_progress));
  ticket.resolution.clear();
  ticket.resolved_at.reset();
  return ticket;
}

Result<Ticket> cancel(Ticket ticket, const CancelTicket&) {
  ticket = TRY(move(std::move(ticket), TicketStatus::cancelled));
  ticket.pause_reason.reset();
  return ticket;
}

}  // namespace holdfast::tickets
