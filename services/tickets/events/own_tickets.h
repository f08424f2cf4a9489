#pragma once

#include "runtime/events/own_events.h"

namespace holdfast::tickets {

// Takes back what this service published of its tickets, after its database was restored.
void take_back_tickets(events::OwnEvents& own);

}  // namespace holdfast::tickets
