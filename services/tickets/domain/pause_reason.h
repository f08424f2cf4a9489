#pragma once

#include "runtime/core/enum_names.h"

namespace holdfast::tickets {

enum class PauseReason { pending_customer, customer_hold, no_access, power, waiting_carrier };

// R63: waiting for the carrier is recorded, and stops nothing for the customer.
bool stops_clock(PauseReason reason);

}  // namespace holdfast::tickets

template <>
inline constexpr auto holdfast::enum_names<holdfast::tickets::PauseReason> =
    std::to_array<std::string_view>({"pendingCustomer", "customerHold", "noAccess", "power", "waitingCarrier"});
