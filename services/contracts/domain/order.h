#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contracts/domain/ids.h"
#include "contracts/domain/verdict.h"
#include "runtime/core/time.h"

// Ports and disconnects, kept with their dates and why they are held.
namespace holdfast::contracts {

enum class OrderKind { port, disconnect };
enum class OrderState { draft, held, acknowledged, in_progress, completed, cancelled, rejected };
enum class HeldReason { port_in_progress, new_service_not_accepted };

struct Order {
  OrderId id;
  AccountId account_id;
  OrderKind kind{};
  std::string reference;
  std::string circuit_id;
  std::string carrier_name;
  std::string gaining_carrier_name;
  std::string carrier_account;
  OrderState state{};
  std::optional<HeldReason> held_reason;
  std::optional<Date> submitted_on;
  std::optional<Date> foc_date;
  std::optional<Date> requested_date;
  std::optional<Date> effective_date;
  std::string confirmation;
  std::int64_t version = 0;

  bool operator==(const Order&) const = default;
};

inline constexpr size_t max_order_text_bytes = 500;
Result<> check(const Order& order);

struct OrderStateChanged {
  Order order;
  std::optional<OrderState> before;
};

struct ImportOrders {
  std::vector<Order> orders;
};

}  // namespace holdfast::contracts

namespace holdfast {

template <>
inline constexpr auto enum_names<contracts::OrderKind> = std::to_array<std::string_view>({"port", "disconnect"});

template <>
inline constexpr auto enum_names<contracts::OrderState> = std::to_array<std::string_view>(
    {"draft", "held", "acknowledged", "inProgress", "completed", "cancelled", "rejected"});

template <>
inline constexpr auto enum_names<contracts::HeldReason> = std::to_array<std::string_view>({"portInProgress",
                                                                                           "newServiceNotAccepted"});

template <>
struct Fields<contracts::Order> {
  using T = contracts::Order;
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
                                         Field{"confirmation", &T::confirmation},
                                         Field{"version", &T::version}};
};

template <>
struct Fields<contracts::OrderStateChanged> {
  using T = contracts::OrderStateChanged;
  static constexpr std::string_view message = "holdfast.contracts.v1.OrderStateChanged";
  static constexpr auto list = FieldList{Field{"order", &T::order}, Field{"before", &T::before}};
};

template <>
struct Fields<contracts::ImportOrders> {
  static constexpr auto list = FieldList{Field{"orders", &contracts::ImportOrders::orders}};
};

}  // namespace holdfast
