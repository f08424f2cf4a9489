#pragma once

#include "runtime/events/own_events.h"

namespace holdfast::contracts {

// Takes back what this service published of its contracts and orders, after its database was restored.
void take_back_contracts(events::OwnEvents& own);

}  // namespace holdfast::contracts
