#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contracts/domain/contract.h"

namespace holdfast::contracts {

// What is left out stays as it is.
struct AmendContract {
  ContractId id;
  std::optional<std::string> number;
  std::optional<CarrierId> carrier_id;
  std::optional<std::string> carrier_name;
  std::optional<Money> mrc;
  std::optional<WrittenPlan> plan;  // the whole of it; its zone stays unless it names one
  std::string reason;
  std::string etag;
};

// The plan that the contract will have.
WrittenPlan amended_plan(const Contract& contract, const AmendContract& command);

struct Amended {
  Contract contract;
  bool plan_changed = false;
  bool activated = false;   // it has begun by the plan that it has now
  std::vector<Term> terms;  // with a changed plan: the history from its start on
  std::optional<Term> cut;  // with a changed plan: the kept term, where the new plan begins within it
  std::optional<Instant> next_due;
};

// The kept term as it ends on the day before the plan begins, where it would not end by then.
std::optional<Term> cut_by(const WrittenPlan& plan, const std::optional<Term>& kept);

// A changed plan is derived anew, without facts for what lies in the past. Where it begins after the running term's
// start the contract begins anew, undecided: the terms before stay, the running one ends on the day before, and numbers
// count on. Otherwise it is a correction: the terms from its start on are replaced, and what was decided stands.
//
// Takes a contract that has been advanced to `now`, and `kept`, the last of its terms that starts before the new plan
// does. Refuses a contract that has ended (ILLEGAL_TRANSITION), a plan that leaves a gap behind `kept` or by which the
// contract would have ended (FIELD_OUT_OF_RANGE).
Result<Amended> amend(const Contract& contract, const AmendContract& command, const std::optional<Term>& kept,
                      Instant now);

}  // namespace holdfast::contracts

namespace holdfast {

template <>
struct Fields<contracts::AmendContract> {
  using T = contracts::AmendContract;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"number", &T::number},
                                         Field{"carrier_id", &T::carrier_id},
                                         Field{"carrier_name", &T::carrier_name},
                                         Field{"mrc", &T::mrc},
                                         Field{"plan", &T::plan},
                                         Field{"reason", &T::reason},
                                         Field{"etag", &T::etag}};
};

}  // namespace holdfast
