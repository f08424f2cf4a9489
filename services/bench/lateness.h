#pragma once

#include "bench/bench.h"
#include "bench/sweep.h"

namespace holdfast::bench {

// How long after their instant timers are fired and committed: at a steady rate, and while a burst of others is due.
void measure_lateness(const Run& run, const Things& things);

// What a command takes longer while a backlog of timers is worked off.
void measure_foreground(const Run& run, const Things& things, Sweep& sweep);

}  // namespace holdfast::bench
