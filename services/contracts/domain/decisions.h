#pragma once

#include <string>

#include "contracts/domain/contract.h"

// What the customer decides about a running contract, and what that does to it. Each takes a contract that has been
// advanced to `now`; ILLEGAL_TRANSITION when it has no term yet, or has ended.
namespace holdfast::contracts {

struct SendNotice {
  ContractId id;
  std::string method;
  std::string reference;
  std::string etag;
};
struct AcknowledgeNotice {
  ContractId id;
  std::string reference;
  std::string etag;
};
struct DecideToStay {
  ContractId id;
  std::string etag;
};
struct TerminateContract {
  ContractId id;
  std::optional<Date> last_day;  // of no interest for a contract that has not begun
  std::string reason;
  std::string etag;
};
struct SnoozeReminders {
  ContractId id;
  Date until;
  std::string etag;
};

inline constexpr size_t max_reference_bytes = 200;
inline constexpr size_t max_reason_bytes = 2'000;

struct Decided {
  Contract contract;  // with the decision alone
  Progress progress;  // from there: what it makes due at once
};

Result<Decided> decide(const Contract& contract, const SendNotice& command, Instant now);
Result<Decided> decide(const Contract& contract, const AcknowledgeNotice& command, Instant now);
Result<Decided> decide(const Contract& contract, const DecideToStay& command, Instant now);
// A contract that has not begun is rejected instead.
Result<Decided> decide(const Contract& contract, const TerminateContract& command, Instant now);
Result<Decided> decide(const Contract& contract, const SnoozeReminders& command, Instant now);
// The account became key, or one of several locations', or ceased to be (R24).
Decided follow_standing(const Contract& contract, bool early_lead, Instant now);

}  // namespace holdfast::contracts

namespace holdfast {

template <>
struct Fields<contracts::SendNotice> {
  using T = contracts::SendNotice;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"method", &T::method},
                                         Field{"reference", &T::reference}, Field{"etag", &T::etag}};
};

template <>
struct Fields<contracts::AcknowledgeNotice> {
  using T = contracts::AcknowledgeNotice;
  static constexpr auto list =
      FieldList{Field{"id", &T::id}, Field{"reference", &T::reference}, Field{"etag", &T::etag}};
};

template <>
struct Fields<contracts::DecideToStay> {
  using T = contracts::DecideToStay;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"etag", &T::etag}};
};

template <>
struct Fields<contracts::TerminateContract> {
  using T = contracts::TerminateContract;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"last_day", &T::last_day},
                                         Field{"reason", &T::reason}, Field{"etag", &T::etag}};
};

template <>
struct Fields<contracts::SnoozeReminders> {
  using T = contracts::SnoozeReminders;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"until", &T::until}, Field{"etag", &T::etag}};
};

}  // namespace holdfast
