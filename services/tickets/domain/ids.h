#pragma once

#include "runtime/core/uuid.h"

namespace holdfast::tickets {

using TicketId = Id<struct TicketTag>;
using AccountId = Id<struct AccountTag>;
using LocationId = Id<struct LocationTag>;
using ContactId = Id<struct ContactTag>;
using StaffId = Id<struct StaffTag>;

}  // namespace holdfast::tickets
