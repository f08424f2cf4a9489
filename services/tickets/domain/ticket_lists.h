#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tickets/domain/ticket.h"

// What is asked about tickets, and the pages that answer it.
namespace holdfast::tickets {

struct ListTickets {
  std::optional<AccountId> account_id;
  std::optional<LocationId> location_id;
  std::optional<TicketStatus> status;
  std::optional<StaffId> owner_id;
  bool open = false;     // only those that are not final
  bool overdue = false;  // only those of which a promise is broken and not yet kept
  std::int32_t page_size = 0;
  std::string page_token;
};

struct TicketList {
  std::vector<Ticket> tickets;
  std::string next_page_token;
};

// When a ticket became what it was.
struct StatusChange {
  std::int64_t version = 0;
  TicketStatus status{};
  std::optional<PauseReason> pause_reason;
  Instant changed_at;
  std::string changed_by;  // the caller's id

  bool operator==(const StatusChange&) const = default;
};

struct ListStatusChanges {
  TicketId ticket_id;
  std::int32_t page_size = 0;
  std::string page_token;
};

struct StatusChangeList {
  std::vector<StatusChange> changes;
  std::string next_page_token;
};

}  // namespace holdfast::tickets

namespace holdfast {

template <>
struct Fields<tickets::ListTickets> {
  using T = tickets::ListTickets;
  static constexpr auto list = FieldList{Field{"account_id", &T::account_id},
                                         Field{"location_id", &T::location_id},
                                         Field{"status", &T::status},
                                         Field{"owner_id", &T::owner_id},
                                         Field{"open", &T::open},
                                         Field{"overdue", &T::overdue},
                                         Field{"page_size", &T::page_size},
                                         Field{"page_token", &T::page_token}};
};
template <>
struct Fields<tickets::TicketList> {
  using T = tickets::TicketList;
  static constexpr auto list = FieldList{Field{"tickets", &T::tickets}, Field{"next_page_token", &T::next_page_token}};
};
template <>
struct Fields<tickets::StatusChange> {
  using T = tickets::StatusChange;
  static constexpr auto list =
      FieldList{Field{"version", &T::version}, Field{"status", &T::status}, Field{"pause_reason", &T::pause_reason},
                Field{"changed_at", &T::changed_at}, Field{"changed_by", &T::changed_by}};
};
template <>
struct Fields<tickets::ListStatusChanges> {
  using T = tickets::ListStatusChanges;
  static constexpr auto list = FieldList{Field{"ticket_id", &T::ticket_id}, Field{"page_size", &T::page_size},
                                         Field{"page_token", &T::page_token}};
};
template <>
struct Fields<tickets::StatusChangeList> {
  using T = tickets::StatusChangeList;
  static constexpr auto list = FieldList{Field{"changes", &T::changes}, Field{"next_page_token", &T::next_page_token}};
};

}  // namespace holdfast
