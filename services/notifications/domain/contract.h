#pragma once

#include <optional>
#include <string>

#include "notifications/domain/ids.h"
#include "runtime/core/enum_names.h"
#include "runtime/core/fields.h"
#include "runtime/core/time.h"

// Contracts, as far as somebody is told about them.
namespace holdfast::notifications {

enum class EndOfTermAction { roll, auto_renew, auto_disconnect };

// What is settled about the running term: only an undecided one has a deadline that anybody waits for.
enum class Decision { undecided, stay, notice_sent, notice_acknowledged, terminate };

struct TermPlan {
  EndOfTermAction end_of_term_action{};
  std::string time_zone;  // the contract's, by which its dates are meant
};

struct Term {
  std::int32_t number = 0;
  std::optional<Date> start;
  std::optional<Date> end;
  std::optional<Date> notice_deadline;
};

struct Contract {
  ContractId id;
  std::string number;
  AccountId account_id;
  std::optional<LocationId> location_id;
  std::string carrier_name;
  TermPlan plan;
  std::optional<Term> current_term;
  Decision decision{};
  std::int32_t first_term_number = 0;  // of the plan's initial term
  std::int64_t version = 0;
};

// The day by which somebody has to decide; nothing when it is decided, or there is no such day.
std::optional<Date> open_deadline(const Contract& contract);

struct ContractExpiring {
  Contract contract;
  Date notice_deadline;
  bool mail = false;  // the most urgent of those that were noticed together
  bool to_manager = false;
  bool to_sponsor = false;
};

struct NoticeDeadlineMissed {
  Contract contract;
  Date notice_deadline;
  Date bound_until;
  bool mail = false;
  bool to_manager = false;
  bool to_sponsor = false;
};

struct ContractRolled {
  Contract contract;
  Date ended_on;
};

struct ContractAutoRenewed {
  Contract contract;
  Date ended_on;
};

struct ContractExpired {
  Contract contract;
};

// What may move or settle a deadline.
struct NoticeSent {
  Contract contract;
};

struct ContractAmended {
  Contract contract;
};

// Of a contract that rolls from month to month the first roll is news, and the others are not: each of its owner's
// mornings would begin with one. A longer term is news whenever it begins.
bool is_news(const ContractRolled& event);

}  // namespace holdfast::notifications

namespace holdfast {

template <>
inline constexpr auto enum_names<notifications::EndOfTermAction> = std::to_array<std::string_view>({"roll", "autoRenew",
                                                                                                    "autoDisconnect"});

template <>
inline constexpr auto enum_names<notifications::Decision> =
    std::to_array<std::string_view>({"undecided", "stay", "noticeSent", "noticeAcknowledged", "terminate"});

template <>
struct Fields<notifications::TermPlan> {
  using T = notifications::TermPlan;
  static constexpr auto list =
      FieldList{Field{"end_of_term_action", &T::end_of_term_action}, Field{"time_zone", &T::time_zone}};
};

template <>
struct Fields<notifications::Term> {
  using T = notifications::Term;
  static constexpr auto list = FieldList{Field{"number", &T::number}, Field{"start", &T::start}, Field{"end", &T::end},
                                         Field{"notice_deadline", &T::notice_deadline}};
};

template <>
struct Fields<notifications::Contract> {
  using T = notifications::Contract;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"number", &T::number},
                                         Field{"account_id", &T::account_id},
                                         Field{"location_id", &T::location_id},
                                         Field{"carrier_name", &T::carrier_name},
                                         Field{"plan", &T::plan},
                                         Field{"current_term", &T::current_term},
                                         Field{"decision", &T::decision},
                                         Field{"first_term_number", &T::first_term_number},
                                         Field{"version", &T::version}};
};

template <>
struct Fields<notifications::ContractExpiring> {
  using T = notifications::ContractExpiring;
  static constexpr std::string_view message = "holdfast.contracts.v1.ContractExpiring";
  static constexpr auto list =
      FieldList{Field{"contract", &T::contract}, Field{"notice_deadline", &T::notice_deadline}, Field{"mail", &T::mail},
                Field{"to_manager", &T::to_manager}, Field{"to_sponsor", &T::to_sponsor}};
};

template <>
struct Fields<notifications::NoticeDeadlineMissed> {
  using T = notifications::NoticeDeadlineMissed;
  static constexpr std::string_view message = "holdfast.contracts.v1.NoticeDeadlineMissed";
  static constexpr auto list =
      FieldList{Field{"contract", &T::contract},       Field{"notice_deadline", &T::notice_deadline},
                Field{"bound_until", &T::bound_until}, Field{"mail", &T::mail},
                Field{"to_manager", &T::to_manager},   Field{"to_sponsor", &T::to_sponsor}};
};

template <>
struct Fields<notifications::ContractRolled> {
  using T = notifications::ContractRolled;
  static constexpr std::string_view message = "holdfast.contracts.v1.ContractRolled";
  static constexpr auto list = FieldList{Field{"contract", &T::contract}, Field{"ended_on", &T::ended_on}};
};

template <>
struct Fields<notifications::ContractAutoRenewed> {
  using T = notifications::ContractAutoRenewed;
  static constexpr std::string_view message = "holdfast.contracts.v1.ContractAutoRenewed";
  static constexpr auto list = FieldList{Field{"contract", &T::contract}, Field{"ended_on", &T::ended_on}};
};

template <>
struct Fields<notifications::ContractExpired> {
  static constexpr std::string_view message = "holdfast.contracts.v1.ContractExpired";
  static constexpr auto list = FieldList{Field{"contract", &notifications::ContractExpired::contract}};
};

template <>
struct Fields<notifications::NoticeSent> {
  static constexpr std::string_view message = "holdfast.contracts.v1.NoticeSent";
  static constexpr auto list = FieldList{Field{"contract", &notifications::NoticeSent::contract}};
};

template <>
struct Fields<notifications::ContractAmended> {
  static constexpr std::string_view message = "holdfast.contracts.v1.ContractAmended";
  static constexpr auto list = FieldList{Field{"contract", &notifications::ContractAmended::contract}};
};

}  // namespace holdfast
