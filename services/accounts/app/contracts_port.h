#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "accounts/domain/ids.h"
#include "accounts/domain/import.h"
#include "runtime/core/call.h"
#include "runtime/core/enum_names.h"
#include "runtime/core/fields.h"
#include "runtime/core/time.h"

// What an import asks of the service that owns contracts and orders, as far as it wants to know it.
namespace holdfast::accounts {

enum class ContractEndAction { roll, auto_renew, auto_disconnect };
enum class ContractNoticeUnit { calendar_days, calendar_months, business_days };
enum class OrderKind { port, disconnect };
enum class OrderState { draft, held, acknowledged, in_progress, completed, cancelled, rejected };
enum class OrderHeldReason { port_in_progress, new_service_not_accepted };

struct ContractPlan {
  std::optional<Date> signed_date;
  std::optional<Date> term_start;
  std::optional<std::int32_t> term_months;
  std::optional<Date> term_end;
  bool open_ended = false;
  ContractEndAction end_of_term_action{};
  std::optional<std::int32_t> roll_interval_months;
  std::optional<std::int32_t> renewal_term_months;
  std::int32_t notice_value = 0;
  ContractNoticeUnit notice_unit{};
  std::string time_zone;
};

struct ContractRow {
  ContractId id;
  std::string number;
  AccountId account_id;
  std::string account_name;
  std::optional<CarrierId> carrier_id;
  std::string carrier_name;
  std::optional<Money> mrc;
  ContractPlan plan;
};

struct OrderRow {
  Uuid id;
  AccountId account_id;
  OrderKind kind{};
  std::string reference;
  std::string circuit_id;
  std::string carrier_name;
  std::string gaining_carrier_name;
  std::string carrier_account;
  OrderState state{};
  std::optional<OrderHeldReason> held_reason;
  std::optional<Date> submitted_on;
  std::optional<Date> foc_date;
  std::optional<Date> requested_date;
  std::optional<Date> effective_date;
  std::string confirmation;
};

struct ContractBatch {
  std::vector<ContractRow> contracts;
  std::string request_id;
  bool validate_only = false;
};

struct OrderBatch {
  std::vector<OrderRow> orders;
  std::string request_id;
  bool validate_only = false;
};

// Of one row, in the order of the rows; `reason` as files have it.
struct BatchVerdict {
  Uuid id;
  RowVerdict verdict{};
  std::string reason;
  std::string field;
  std::string message;
};
struct BatchVerdicts {
  std::vector<BatchVerdict> verdicts;
};

// Each blocks for a call or several; never inside a transaction.
struct ContractsPort {
  std::function<Result<BatchVerdicts>(const Call& call, const ContractBatch& batch)> import_contracts;
  std::function<Result<BatchVerdicts>(const Call& call, const OrderBatch& batch)> import_orders;
  // Every port of the agency.
  std::function<Result<std::vector<OrderRow>>(const Call& call)> list_ports;
};

}  // namespace holdfast::accounts

namespace holdfast {

template <>
inline constexpr auto enum_names<accounts::ContractEndAction> = std::to_array<std::string_view>({"roll", "autoRenew",
                                                                                                 "autoDisconnect"});
template <>
inline constexpr auto enum_names<accounts::ContractNoticeUnit> =
    std::to_array<std::string_view>({"calendarDays", "calendarMonths", "businessDays"});
template <>
inline constexpr auto enum_names<accounts::OrderKind> = std::to_array<std::string_view>({"port", "disconnect"});
template <>
inline constexpr auto enum_names<accounts::OrderState> = std::to_array<std::string_view>(
    {"draft", "held", "acknowledged", "inProgress", "completed", "cancelled", "rejected"});
template <>
inline constexpr auto enum_names<accounts::OrderHeldReason> =
    std::to_array<std::string_view>({"portInProgress", "newServiceNotAccepted"});

template <>
struct Fields<accounts::ContractPlan> {
  using T = accounts::ContractPlan;
  static constexpr auto list = FieldList{Field{"signed_date", &T::signed_date},
                                         Field{"term_start", &T::term_start},
                                         Field{"term_months", &T::term_months},
                                         Field{"term_end", &T::term_end},
                                         Field{"open_ended", &T::open_ended},
                                         Field{"end_of_term_action", &T::end_of_term_action},
                                         Field{"roll_interval_months", &T::roll_interval_months},
                                         Field{"renewal_term_months", &T::renewal_term_months},
                                         Field{"notice_value", &T::notice_value},
                                         Field{"notice_unit", &T::notice_unit},
                                         Field{"time_zone", &T::time_zone}};
};

template <>
struct Fields<accounts::ContractRow> {
  using T = accounts::ContractRow;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"number", &T::number},
                                         Field{"account_id", &T::account_id},
                                         Field{"account_name", &T::account_name},
                                         Field{"carrier_id", &T::carrier_id},
                                         Field{"carrier_name", &T::carrier_name},
                                         Field{"mrc", &T::mrc},
                                         Field{"plan", &T::plan}};
};

template <>
struct Fields<accounts::OrderRow> {
  using T = accounts::OrderRow;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"account_id", &T::account_id},
                                         Field{"kind", &T::kind},
                                         Field{"reference", &T::reference},
                                         Field{"circuit_id", &T::circuit_id},
                                         Field{"carrier_name", &T::carrier_name},
                                         Field{"gaining_carrier_name", &T::gaining_carrier_name},
                                         Field{"carrier_account", &T::carrier_account},
                                         Field{"state", &T::state},
                                         Field{"held_reason", &T::held_reason},
                                         Field{"submitted_on", &T::submitted_on},
                                         Field{"foc_date", &T::foc_date},
                                         Field{"requested_date", &T::requested_date},
                                         Field{"effective_date", &T::effective_date},
                                         Field{"confirmation", &T::confirmation}};
};

template <>
struct Fields<accounts::ContractBatch> {
  using T = accounts::ContractBatch;
  static constexpr auto list = FieldList{Field{"contracts", &T::contracts}, Field{"request_id", &T::request_id},
                                         Field{"validate_only", &T::validate_only}};
};

template <>
struct Fields<accounts::OrderBatch> {
  using T = accounts::OrderBatch;
  static constexpr auto list = FieldList{Field{"orders", &T::orders}, Field{"request_id", &T::request_id},
                                         Field{"validate_only", &T::validate_only}};
};

template <>
struct Fields<accounts::BatchVerdict> {
  using T = accounts::BatchVerdict;
  static constexpr auto list =
      FieldList{Field{"id", &T::id}, Field{"verdict", &T::verdict}, Field{"reason", &T::reason},
                Field{"field", &T::field}, Field{"message", &T::message}};
};

template <>
struct Fields<accounts::BatchVerdicts> {
  static constexpr auto list = FieldList{Field{"verdicts", &accounts::BatchVerdicts::verdicts}};
};

}  // namespace holdfast
