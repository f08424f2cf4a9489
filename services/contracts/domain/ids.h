#pragma once

#include "runtime/core/uuid.h"

namespace holdfast::contracts {

using ContractId = Id<struct ContractTag>;
using OrderId = Id<struct OrderTag>;
using AccountId = Id<struct AccountTag>;
using LocationId = Id<struct LocationTag>;
using CarrierId = Id<struct CarrierTag>;
using StaffId = Id<struct StaffTag>;

}  // namespace holdfast::contracts
