#include "contracts/domain/order.h"

#include "runtime/core/limits.h"

namespace holdfast::contracts {

Result<> check(const Order& order) {
  if (order.reference.empty())
    return fail(Reason::field_required, "reference", "an order is about a number or circuit");
  CHECK_OK(check_size("reference", order.reference, max_order_text_bytes));
  CHECK_OK(check_size("circuit_id", order.circuit_id, max_order_text_bytes));
  CHECK_OK(check_size("carrier_name", order.carrier_name, max_order_text_bytes));
  CHECK_OK(check_size("gaining_carrier_name", order.gaining_carrier_name, max_order_text_bytes));
  CHECK_OK(check_size("carrier_account", order.carrier_account, max_order_text_bytes));
  CHECK_OK(check_size("confirmation", order.confirmation, max_order_text_bytes));
  const bool is_held = order.state == OrderState::held;
  if (is_held && !order.held_reason) return fail(Reason::field_required, "held_reason", "a held order says why");
  if (!is_held && order.held_reason) return fail(Reason::field_invalid, "held_reason", "the order is not held");
  return {};
}

}  // namespace holdfast::contracts
