#pragma once

#include "runtime/core/uuid.h"

namespace holdfast::accounts {

using StaffId = Id<struct StaffTag>;
using AccountId = Id<struct AccountTag>;
using LocationId = Id<struct LocationTag>;
using ContactId = Id<struct ContactTag>;
using CarrierId = Id<struct CarrierTag>;
using CarrierContactId = Id<struct CarrierContactTag>;
using CarrierAccountId = Id<struct CarrierAccountTag>;
using ProductId = Id<struct ProductTag>;
using ContractId = Id<struct ContractTag>;  // another service's

}  // namespace holdfast::accounts
