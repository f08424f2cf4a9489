#pragma once

#include "runtime/timers/timers.h"

namespace holdfast::tickets {

// What is done when something of this service falls due, each kind. Before the timers start.
void register_timers(timers::Timers& timers);

}  // namespace holdfast::tickets
