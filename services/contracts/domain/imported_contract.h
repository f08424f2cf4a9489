#pragma once

#include "contracts/domain/amendment.h"
#include "contracts/domain/contract.h"
#include "contracts/domain/verdict.h"

namespace holdfast::contracts {

// A row of somebody's book, with what it needs of the book that it comes from.
struct ImportedContract {
  ContractId id;
  std::string number;
  AccountId account_id;
  std::string account_name;
  std::optional<LocationId> location_id;
  std::optional<CarrierId> carrier_id;
  std::string carrier_name;
  std::optional<Money> mrc;
  WrittenPlan plan;
};

struct ImportContracts {
  std::vector<ImportedContract> contracts;
};

// What a row asks for: a new contract, or a change of the one that is there.
CreateContract creation_of(const ImportedContract& row);
AmendContract amendment_of(const ImportedContract& row);

}  // namespace holdfast::contracts

namespace holdfast {

template <>
struct Fields<contracts::ImportedContract> {
  using T = contracts::ImportedContract;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"number", &T::number},
                                         Field{"account_id", &T::account_id},
                                         Field{"account_name", &T::account_name},
                                         Field{"location_id", &T::location_id},
                                         Field{"carrier_id", &T::carrier_id},
                                         Field{"carrier_name", &T::carrier_name},
                                         Field{"mrc", &T::mrc},
                                         Field{"plan", &T::plan}};
};

template <>
struct Fields<contracts::ImportContracts> {
  static constexpr auto list = FieldList{Field{"contracts", &contracts::ImportContracts::contracts}};
};

}  // namespace holdfast
