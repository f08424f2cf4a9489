#pragma once

#include "runtime/core/uuid.h"

namespace holdfast::notifications {

using MessageId = Id<struct MessageTag>;
using AccountId = Id<struct AccountTag>;
using LocationId = Id<struct LocationTag>;
using StaffId = Id<struct StaffTag>;
using SubscriptionId = Id<struct SubscriptionTag>;
using DeliveryId = Id<struct DeliveryTag>;
using TicketId = Id<struct TicketTag>;
using ContractId = Id<struct ContractTag>;

}  // namespace holdfast::notifications
