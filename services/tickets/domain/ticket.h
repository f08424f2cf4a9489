#pragma once

#include <optional>
#include <string>

#include "runtime/core/enum_names.h"
#include "runtime/core/fields.h"
#include "runtime/core/result.h"
#include "runtime/core/time.h"
#include "tickets/domain/account.h"
#include "tickets/domain/ids.h"
#include "tickets/domain/pause_reason.h"
#include "tickets/domain/priority.h"

namespace holdfast::tickets {

// TMF621 v5. A ticket begins acknowledged; closed, cancelled and rejected are final.
enum class TicketStatus { acknowledged, in_progress, pending, held, resolved, closed, cancelled, rejected };

struct Ticket {
  TicketId id;
  AccountId account_id;
  std::optional<LocationId> location_id;
  std::optional<ContactId> contact_id;
  std::string name;
  std::string description;
  Priority priority{};
  TicketStatus status{};
  StaffId owner_id;
  Instant opened_at;
  std::optional<PauseReason> pause_reason;  // while pending or held
  std::string resolution;                   // how it was resolved, in words for the customer; empty before
  std::optional<Instant> resolved_at;
  std::string carrier;  // whose ticket stands behind ours; empty when none does
  std::string carrier_ticket;
  std::int64_t version = 0;

  bool operator==(const Ticket&) const = default;
};

struct OpenTicket {
  std::optional<TicketId> id;
  AccountId account_id;
  std::optional<LocationId> location_id;
  std::optional<ContactId> contact_id;
  std::string name;
  std::string description;
  Priority priority{};
};

// What this service knows of the account, location and contact that a ticket names.
struct Entitlement {
  AccountStatus account_status{};
  StaffId owner_id;
  Tier tier{};
  std::optional<AccountId> account_of_location;
  std::optional<AccountId> account_of_contact;
};

struct TicketOpened {
  Ticket ticket;
};

inline constexpr size_t max_name_bytes = 200;
inline constexpr size_t max_description_bytes = 16 * 1024;

// A ticket is opened on an account that is not closed, for one of its own locations and contacts, and belongs to the
// account's owner.
Result<TicketOpened> open(const OpenTicket& command, const Entitlement& entitlement, Instant now);

}  // namespace holdfast::tickets

namespace holdfast {

template <>
inline constexpr auto enum_names<tickets::TicketStatus> = std::to_array<std::string_view>(
    {"acknowledged", "inProgress", "pending", "held", "resolved", "closed", "cancelled", "rejected"});

template <>
struct Fields<tickets::Ticket> {
  using T = tickets::Ticket;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"account_id", &T::account_id},
                                         Field{"location_id", &T::location_id},
                                         Field{"contact_id", &T::contact_id},
                                         Field{"name", &T::name},
                                         Field{"description", &T::description},
                                         Field{"priority", &T::priority},
                                         Field{"status", &T::status},
                                         Field{"owner_id", &T::owner_id},
                                         Field{"opened_at", &T::opened_at},
                                         Field{"pause_reason", &T::pause_reason},
                                         Field{"resolution", &T::resolution},
                                         Field{"resolved_at", &T::resolved_at},
                                         Field{"carrier", &T::carrier},
                                         Field{"carrier_ticket", &T::carrier_ticket},
                                         Field{"version", &T::version}};
};

template <>
struct Fields<tickets::OpenTicket> {
  using T = tickets::OpenTicket;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"account_id", &T::account_id},
                                         Field{"location_id", &T::location_id},
                                         Field{"contact_id", &T::contact_id},
                                         Field{"name", &T::name},
                                         Field{"description", &T::description},
                                         Field{"priority", &T::priority}};
};

template <>
struct Fields<tickets::Entitlement> {
  using T = tickets::Entitlement;
  static constexpr auto list = FieldList{Field{"account_status", &T::account_status}, Field{"owner_id", &T::owner_id},
                                         Field{"tier", &T::tier}, Field{"account_of_location", &T::account_of_location},
                                         Field{"account_of_contact", &T::account_of_contact}};
};

template <>
struct Fields<tickets::TicketOpened> {
  static constexpr std::string_view message = "holdfast.tickets.v1.TicketOpened";
  static constexpr auto list = FieldList{Field{"ticket", &tickets::TicketOpened::ticket}};
};

}  // namespace holdfast
