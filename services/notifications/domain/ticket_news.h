#pragma once

#include <optional>

#include "notifications/domain/ticket.h"

// Mails about tickets that wait for the morning: whether what they say is still true then.
namespace holdfast::notifications {

enum class TicketEvent { opened, assigned, resolved, warning, breached };

// What a mail says of a ticket, and how the ticket stands since.
struct TicketNews {
  TicketId ticket_id;
  TicketEvent event{};
  std::optional<Promise> promise;  // that it is about, if it is about one
  bool broken = false;             // that promise, since
  bool reassigned = false;         // to somebody else, since
  TicketStatus status{};
  std::int64_t version = 0;  // the ticket's, of that status
};

// Nobody is told that a ticket is new or theirs that is over by now or somebody else's, nor that one is resolved that
// was opened again, nor that time runs out for what has been done meanwhile, or was broken: of that another mail tells.
// What was late stays so. Whether a due date has passed is not asked: the clock may have been stopped before it.
bool still_true(const TicketNews& news);

}  // namespace holdfast::notifications

namespace holdfast {

template <>
inline constexpr auto enum_names<notifications::TicketEvent> =
    std::to_array<std::string_view>({"opened", "assigned", "resolved", "warning", "breached"});

template <>
struct Fields<notifications::TicketNews> {
  using T = notifications::TicketNews;
  static constexpr auto list =
      FieldList{Field{"ticket_id", &T::ticket_id}, Field{"event", &T::event},           Field{"promise", &T::promise},
                Field{"broken", &T::broken},       Field{"reassigned", &T::reassigned}, Field{"status", &T::status},
                Field{"version", &T::version}};
};

}  // namespace holdfast
