#pragma once

#include "runtime/events/consumer.h"

namespace holdfast::tickets {

// Takes back what this service published of its tickets, after its database was restored.
void take_back_tickets(events::Consumer& consumer);

}  // namespace holdfast::tickets
