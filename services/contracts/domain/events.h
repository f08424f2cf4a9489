#pragma once

#include <string>

#include "contracts/domain/contract.h"

// What this service publishes; each struct is the event that its Fields name.
namespace holdfast::contracts {

struct ContractCreated {
  Contract contract;
};
struct ContractActivated {
  Contract contract;
};

enum class Change { details, plan, stay, snooze, terminate, early_lead };

struct ContractAmended {
  Contract contract;
  Contract before;
  Change change{};
  std::string reason;
};
struct ContractTerminated {
  Contract contract;
};
struct ContractExpiring {
  Contract contract;
  std::int32_t lead_days = 0;
  Date notice_deadline;
  std::int32_t days_left = 0;  // when it was noticed: fewer than lead_days after a standstill
  Escalation escalation{};
  bool mail = false;
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
struct NoticeSent {
  Contract contract;
};
struct NoticeAcknowledged {
  Contract contract;
};

}  // namespace holdfast::contracts

namespace holdfast {

template <>
inline constexpr auto enum_names<contracts::Change> =
    std::to_array<std::string_view>({"details", "plan", "stay", "snooze", "terminate", "earlyLead"});

template <>
struct Fields<contracts::ContractCreated> {
  static constexpr std::string_view message = "holdfast.contracts.v1.ContractCreated";
  static constexpr auto list = FieldList{Field{"contract", &contracts::ContractCreated::contract}};
};

template <>
struct Fields<contracts::ContractActivated> {
  static constexpr std::string_view message = "holdfast.contracts.v1.ContractActivated";
  static constexpr auto list = FieldList{Field{"contract", &contracts::ContractActivated::contract}};
};

template <>
struct Fields<contracts::ContractAmended> {
  using T = contracts::ContractAmended;
  static constexpr std::string_view message = "holdfast.contracts.v1.ContractAmended";
  static constexpr auto list = FieldList{Field{"contract", &T::contract}, Field{"before", &T::before},
                                         Field{"change", &T::change}, Field{"reason", &T::reason}};
};

template <>
struct Fields<contracts::ContractTerminated> {
  static constexpr std::string_view message = "holdfast.contracts.v1.ContractTerminated";
  static constexpr auto list = FieldList{Field{"contract", &contracts::ContractTerminated::contract}};
};

template <>
struct Fields<contracts::ContractExpiring> {
  using T = contracts::ContractExpiring;
  static constexpr std::string_view message = "holdfast.contracts.v1.ContractExpiring";
  static constexpr auto list = FieldList{Field{"contract", &T::contract},
                                         Field{"lead_days", &T::lead_days},
                                         Field{"notice_deadline", &T::notice_deadline},
                                         Field{"days_left", &T::days_left},
                                         Field{"escalation", &T::escalation},
                                         Field{"mail", &T::mail},
                                         Field{"to_manager", &T::to_manager},
                                         Field{"to_sponsor", &T::to_sponsor}};
};

template <>
struct Fields<contracts::NoticeDeadlineMissed> {
  using T = contracts::NoticeDeadlineMissed;
  static constexpr std::string_view message = "holdfast.contracts.v1.NoticeDeadlineMissed";
  static constexpr auto list =
      FieldList{Field{"contract", &T::contract},       Field{"notice_deadline", &T::notice_deadline},
                Field{"bound_until", &T::bound_until}, Field{"mail", &T::mail},
                Field{"to_manager", &T::to_manager},   Field{"to_sponsor", &T::to_sponsor}};
};

template <>
struct Fields<contracts::ContractRolled> {
  using T = contracts::ContractRolled;
  static constexpr std::string_view message = "holdfast.contracts.v1.ContractRolled";
  static constexpr auto list = FieldList{Field{"contract", &T::contract}, Field{"ended_on", &T::ended_on}};
};

template <>
struct Fields<contracts::ContractAutoRenewed> {
  using T = contracts::ContractAutoRenewed;
  static constexpr std::string_view message = "holdfast.contracts.v1.ContractAutoRenewed";
  static constexpr auto list = FieldList{Field{"contract", &T::contract}, Field{"ended_on", &T::ended_on}};
};

template <>
struct Fields<contracts::ContractExpired> {
  static constexpr std::string_view message = "holdfast.contracts.v1.ContractExpired";
  static constexpr auto list = FieldList{Field{"contract", &contracts::ContractExpired::contract}};
};

template <>
struct Fields<contracts::NoticeSent> {
  static constexpr std::string_view message = "holdfast.contracts.v1.NoticeSent";
  static constexpr auto list = FieldList{Field{"contract", &contracts::NoticeSent::contract}};
};

template <>
struct Fields<contracts::NoticeAcknowledged> {
  static constexpr std::string_view message = "holdfast.contracts.v1.NoticeAcknowledged";
  static constexpr auto list = FieldList{Field{"contract", &contracts::NoticeAcknowledged::contract}};
};

}  // namespace holdfast
