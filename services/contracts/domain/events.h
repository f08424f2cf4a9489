#pragma once

#include "contracts/domain/contract.h"

// What this service publishes; each struct is the event that its Fields name.
namespace holdfast::contracts {

struct ContractCreated {
  Contract contract;
};

}  // namespace holdfast::contracts

namespace holdfast {

template <>
struct Fields<contracts::ContractCreated> {
  static constexpr std::string_view message = "holdfast.contracts.v1.ContractCreated";
  static constexpr auto list = std::tuple{Field{"contract", &contracts::ContractCreated::contract}};
};

}  // namespace holdfast
