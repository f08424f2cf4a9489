#pragma once

#include "runtime/core/uuid.h"

namespace holdfast::accounts {

using StaffId = Id<struct StaffTag>;
using AccountId = Id<struct AccountTag>;
using LocationId = Id<struct LocationTag>;
using ContactId = Id<struct ContactTag>;

}  // namespace holdfast::accounts
