#include "contracts/domain/order.h"

#include "runtime/core/limits.h"

namespace holdfast::contracts {
namespace {

Result<> check_text(const std::string& text, const char* field) {
  if (text.size() <= max_order_text_bytes) return {};
  return too_long(field, max_order_text_bytes);
}

}  // namespace

Result<> check(const Order& order) {
  if (order.reference.empty())
    return fail(Reason::field_required, "reference", "an order is about a number or circuit");
  CHECK_OK(check_text(order.reference, "reference"));
  CHECK_OK(check_text(order.circuit_id, "circuit_id"));
  CHECK_OK(check_text(order.carrier_name, "carrier_name"));
  CHECK_OK(check_text(order.gaining_carrier_name, "gaining_carrier_name"));
  CHECK_OK(check_text(order.carrier_account, "carrier_account"));
  CHECK_OK(check_text(order.confirmation, "confirmation"));
  const bool is_held = order.state == OrderState::held;
  if (is_held && !order.held_reason) return fail(Reason::field_required, "held_reason", "a held order says why");
  if (!is_held && order.held_reason) return fail(Reason::field_invalid, "held_reason", "the order is not held");
  return {};
}

}  // namespace holdfast::contracts
