#pragma once

#include "runtime/core/uuid.h"

namespace holdfast::notifications {

using MessageId = Id<struct MessageTag>;
using AccountId = Id<struct AccountTag>;
using LocationId = Id<struct LocationTag>;
using StaffId = Id<struct StaffTag>;
using TicketId = Id<struct TicketTag>;

}  // namespace holdfast::notifications
