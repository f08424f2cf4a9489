#pragma once

#include <optional>
#include <string>

#include "notifications/domain/ids.h"
#include "runtime/core/enum_names.h"
#include "runtime/core/fields.h"
#include "runtime/core/time.h"

// Tickets, as far as somebody is told about them.
namespace holdfast::notifications {

enum class Priority { p1, p2, p3, p4 };

struct Ticket {
  TicketId id;
  AccountId account_id;
  std::optional<LocationId> location_id;
  std::string name;
  Priority priority{};
  Instant opened_at;
};

struct TicketOpened {
  Ticket ticket;
};

}  // namespace holdfast::notifications

namespace holdfast {

template <>
inline constexpr auto enum_names<notifications::Priority> = std::to_array<std::string_view>({"p1", "p2", "p3", "p4"});

template <>
struct Fields<notifications::Ticket> {
  using T = notifications::Ticket;
  static constexpr auto list =
      std::tuple{Field{"id", &T::id},     Field{"account_id", &T::account_id}, Field{"location_id", &T::location_id},
                 Field{"name", &T::name}, Field{"priority", &T::priority},     Field{"opened_at", &T::opened_at}};
};

template <>
struct Fields<notifications::TicketOpened> {
  static constexpr std::string_view message = "holdfast.tickets.v1.TicketOpened";
  static constexpr auto list = std::tuple{Field{"ticket", &notifications::TicketOpened::ticket}};
};

}  // namespace holdfast
