#pragma once

#include <optional>
#include <string>

#include "accounts/domain/ids.h"
#include "runtime/core/enum_names.h"
#include "runtime/core/fields.h"
#include "runtime/core/result.h"
#include "runtime/core/time.h"

// What a carrier asks before it talks to anybody. It lies sealed, is shown masked, and never leaves this service in an
// event or a log.
namespace holdfast::accounts {

enum class VerificationKind { pin, passcode, security_answer };

// That something is kept for a carrier account or a product (one of the two), but not what.
struct Verification {
  std::optional<CarrierAccountId> carrier_account_id;
  std::optional<ProductId> product_id;
  VerificationKind kind{};
  Instant set_at;
  std::string set_by;

  bool operator==(const Verification&) const = default;
};

// As lists and cards show it.
struct ShownVerification {
  Verification verification;
  std::string masked;
};

struct SetVerification {
  std::optional<CarrierAccountId> carrier_account_id;
  std::optional<ProductId> product_id;
  VerificationKind kind{};
  std::string value;
};

struct RevealVerification {
  std::optional<CarrierAccountId> carrier_account_id;
  std::optional<ProductId> product_id;
  VerificationKind kind{};
  std::string reason;
};

inline constexpr size_t max_value_bytes = 200;
inline constexpr size_t max_reveal_reason_bytes = 500;

// Whatever the value and its length.
ShownVerification masked(Verification verification);

// Whose it is: exactly one of the two. FIELD_REQUIRED, FIELD_INVALID.
Result<Uuid> subject_of(const std::optional<CarrierAccountId>& carrier_account,
                        const std::optional<ProductId>& product);

// The value as it is kept. No failure repeats it.
Result<std::string> read_value(const SetVerification& command);
// Why somebody wants to see it: one line.
Result<std::string> read_reveal_reason(const RevealVerification& command);

}  // namespace holdfast::accounts

namespace holdfast {

template <>
inline constexpr auto enum_names<accounts::VerificationKind> = std::to_array<std::string_view>({"pin", "passcode",
                                                                                                "securityAnswer"});

template <>
struct Fields<accounts::Verification> {
  using T = accounts::Verification;
  static constexpr auto list =
      FieldList{Field{"carrier_account_id", &T::carrier_account_id}, Field{"product_id", &T::product_id},
                Field{"kind", &T::kind}, Field{"set_at", &T::set_at}, Field{"set_by", &T::set_by}};
};

template <>
struct Fields<accounts::ShownVerification> {
  using T = accounts::ShownVerification;
  static constexpr auto list = FieldList{Field{"verification", &T::verification}, Field{"masked", &T::masked}};
};

template <>
struct Fields<accounts::SetVerification> {
  using T = accounts::SetVerification;
  static constexpr auto list =
      FieldList{Field{"carrier_account_id", &T::carrier_account_id}, Field{"product_id", &T::product_id},
                Field{"kind", &T::kind}, Field{"value", &T::value}};
};

template <>
struct Fields<accounts::RevealVerification> {
  using T = accounts::RevealVerification;
  static constexpr auto list =
      FieldList{Field{"carrier_account_id", &T::carrier_account_id}, Field{"product_id", &T::product_id},
                Field{"kind", &T::kind}, Field{"reason", &T::reason}};
};

}  // namespace holdfast
