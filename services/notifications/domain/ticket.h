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

enum class TicketStatus { acknowledged, in_progress, pending, held, resolved, closed, cancelled, rejected };

// Nobody has to do anything about it.
inline bool is_over(TicketStatus status) { return status >= TicketStatus::resolved; }

// What the agency has promised about a ticket (R60).
enum class Promise { acknowledge, restore };

struct Ticket {
  TicketId id;
  AccountId account_id;
  std::optional<LocationId> location_id;
  std::string name;
  StaffId owner_id;  // to whom it was given; the account's owner until then
  Priority priority{};
  Instant opened_at;
  std::string resolution;
  std::optional<Instant> resolved_at;
  TicketStatus status{};
  std::int64_t version = 1;
};

struct TicketOpened {
  Ticket ticket;
};

struct TicketAssigned {
  Ticket ticket;
  std::string assigned_by;
};

struct TicketResolved {
  Ticket ticket;
};

struct TicketStatusChanged {
  Ticket ticket;
};

struct SlaWarning {
  Ticket ticket;
  Promise promise{};
  std::int64_t remaining_seconds = 0;  // of service hours
  std::optional<Instant> due_at;       // nothing while the clock stands still
};

struct SlaBreached {
  Ticket ticket;
  Promise promise{};
};

}  // namespace holdfast::notifications

namespace holdfast {

template <>
inline constexpr auto enum_names<notifications::Priority> = std::to_array<std::string_view>({"p1", "p2", "p3", "p4"});

template <>
inline constexpr auto enum_names<notifications::TicketStatus> = std::to_array<std::string_view>(
    {"acknowledged", "inProgress", "pending", "held", "resolved", "closed", "cancelled", "rejected"});

template <>
inline constexpr auto enum_names<notifications::Promise> = std::to_array<std::string_view>({"acknowledge", "restore"});

template <>
struct Fields<notifications::Ticket> {
  using T = notifications::Ticket;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"account_id", &T::account_id},
                                         Field{"location_id", &T::location_id},
                                         Field{"name", &T::name},
                                         Field{"owner_id", &T::owner_id},
                                         Field{"priority", &T::priority},
                                         Field{"opened_at", &T::opened_at},
                                         Field{"resolution", &T::resolution},
                                         Field{"resolved_at", &T::resolved_at},
                                         Field{"status", &T::status},
                                         Field{"version", &T::version}};
};

template <>
struct Fields<notifications::TicketOpened> {
  static constexpr std::string_view message = "holdfast.tickets.v1.TicketOpened";
  static constexpr auto list = FieldList{Field{"ticket", &notifications::TicketOpened::ticket}};
};

template <>
struct Fields<notifications::TicketAssigned> {
  using T = notifications::TicketAssigned;
  static constexpr std::string_view message = "holdfast.tickets.v1.TicketAssigned";
  static constexpr auto list = FieldList{Field{"ticket", &T::ticket}, Field{"assigned_by", &T::assigned_by}};
};

template <>
struct Fields<notifications::TicketResolved> {
  static constexpr std::string_view message = "holdfast.tickets.v1.TicketResolved";
  static constexpr auto list = FieldList{Field{"ticket", &notifications::TicketResolved::ticket}};
};

template <>
struct Fields<notifications::TicketStatusChanged> {
  static constexpr std::string_view message = "holdfast.tickets.v1.TicketStatusChanged";
  static constexpr auto list = FieldList{Field{"ticket", &notifications::TicketStatusChanged::ticket}};
};

template <>
struct Fields<notifications::SlaWarning> {
  using T = notifications::SlaWarning;
  static constexpr std::string_view message = "holdfast.tickets.v1.SlaWarning";
  static constexpr auto list =
      FieldList{Field{"ticket", &T::ticket}, Field{"promise", &T::promise},
                Field{"remaining_seconds", &T::remaining_seconds}, Field{"due_at", &T::due_at}};
};

template <>
struct Fields<notifications::SlaBreached> {
  using T = notifications::SlaBreached;
  static constexpr std::string_view message = "holdfast.tickets.v1.SlaBreached";
  static constexpr auto list = FieldList{Field{"ticket", &T::ticket}, Field{"promise", &T::promise}};
};

}  // namespace holdfast
