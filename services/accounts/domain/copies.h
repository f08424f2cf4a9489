#pragma once

#include <optional>
#include <string>

#include "accounts/domain/ids.h"
#include "runtime/core/enum_names.h"
#include "runtime/core/fields.h"
#include "runtime/core/time.h"

// What this service wants to know of contracts and tickets: their services publish it, an outage card shows it.
namespace holdfast::accounts {

using TicketId = Id<struct TicketTag>;

enum class ContractState { in_process, approved, active, pending_terminate, terminated, expired, superseded, rejected };

enum class Decision { undecided, stay, notice_sent, notice_acknowledged, terminate };

struct ContractTerm {
  std::optional<Date> end;  // nothing in an open-ended contract, as of the deadline
  std::optional<Date> notice_deadline;
};

struct Contract {
  ContractId id;
  std::string number;
  AccountId account_id;
  std::optional<LocationId> location_id;
  std::string carrier_name;
  ContractState state{};
  std::optional<ContractTerm> current_term;
  Decision decision{};
  std::int64_t version = 0;
};

// TMF621 v5.
enum class TicketStatus { acknowledged, in_progress, pending, held, resolved, closed, cancelled, rejected };
enum class Priority { p1, p2, p3, p4 };

struct Ticket {
  TicketId id;
  AccountId account_id;
  std::optional<LocationId> location_id;
  std::string name;
  TicketStatus status{};
  Priority priority{};
  std::string carrier;
  std::string carrier_ticket;
  Instant opened_at;
  std::int64_t version = 0;
};

// How far the copies of an account are: the last event of a topic that was applied.
struct CardSource {
  std::string topic;
  std::int64_t sequence = 0;
  Instant as_of;  // when it became true

  bool operator==(const CardSource&) const = default;
};

}  // namespace holdfast::accounts

namespace holdfast {

template <>
inline constexpr auto enum_names<accounts::ContractState> = std::to_array<std::string_view>(
    {"inProcess", "approved", "active", "pendingTerminate", "terminated", "expired", "superseded", "rejected"});

template <>
inline constexpr auto enum_names<accounts::Decision> =
    std::to_array<std::string_view>({"undecided", "stay", "noticeSent", "noticeAcknowledged", "terminate"});

template <>
inline constexpr auto enum_names<accounts::TicketStatus> = std::to_array<std::string_view>(
    {"acknowledged", "inProgress", "pending", "held", "resolved", "closed", "cancelled", "rejected"});

template <>
inline constexpr auto enum_names<accounts::Priority> = std::to_array<std::string_view>({"p1", "p2", "p3", "p4"});

template <>
struct Fields<accounts::ContractTerm> {
  using T = accounts::ContractTerm;
  static constexpr auto list = FieldList{Field{"end", &T::end}, Field{"notice_deadline", &T::notice_deadline}};
};

template <>
struct Fields<accounts::Contract> {
  using T = accounts::Contract;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"number", &T::number},
                                         Field{"account_id", &T::account_id},
                                         Field{"location_id", &T::location_id},
                                         Field{"carrier_name", &T::carrier_name},
                                         Field{"state", &T::state},
                                         Field{"current_term", &T::current_term},
                                         Field{"decision", &T::decision},
                                         Field{"version", &T::version}};
};

template <>
struct Fields<accounts::Ticket> {
  using T = accounts::Ticket;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"account_id", &T::account_id},
                                         Field{"location_id", &T::location_id},
                                         Field{"name", &T::name},
                                         Field{"status", &T::status},
                                         Field{"priority", &T::priority},
                                         Field{"carrier", &T::carrier},
                                         Field{"carrier_ticket", &T::carrier_ticket},
                                         Field{"opened_at", &T::opened_at},
                                         Field{"version", &T::version}};
};

template <>
struct Fields<accounts::CardSource> {
  using T = accounts::CardSource;
  static constexpr auto list =
      FieldList{Field{"topic", &T::topic}, Field{"sequence", &T::sequence}, Field{"as_of", &T::as_of}};
};

}  // namespace holdfast
