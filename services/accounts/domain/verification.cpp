#include "accounts/domain/verification.h"

#include "accounts/domain/text.h"
#include "runtime/core/limits.h"

namespace holdfast::accounts {
namespace {

constexpr const char* mask = "••••";

Result<std::string> read(const char* field, const std::string& text, size_t limit_bytes) {
  auto kept = clean(text);
  if (kept.empty()) return fail(Reason::field_required, field, "is required");
  if (kept.size() <= limit_bytes) return kept;
  return too_long(field, limit_bytes);
}

}  // namespace

ShownVerification masked(Verification verification) { return {std::move(verification), mask}; }

Result<Uuid> subject_of(const std::optional<CarrierAccountId>& carrier_account,
                        const std::optional<ProductId>& product) {
  if (!carrier_account && !product) {
    return fail(Reason::field_required, "carrier_account_id", "is required, or a product_id");
  }
  if (carrier_account && product) {
    return fail(Reason::field_invalid, "product_id", "is given beside a carrier_account_id: it is one or the other");
  }
  return carrier_account ? carrier_account->uuid : product->uuid;
}

Result<std::string> read_value(const SetVerification& command) { return read("value", command.value, max_value_bytes); }

Result<std::string> read_reveal_reason(const RevealVerification& command) {
  return read("reason", command.reason, max_reveal_reason_bytes);
}

}  // namespace holdfast::accounts
