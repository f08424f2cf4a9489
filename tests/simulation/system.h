#pragma once

namespace holdfast::simulation {

// Descriptors of the simulated world, which `poll` waits for; always writable.
int open_descriptor();
void set_readable(int descriptor, bool readable);
void close_descriptor(int descriptor);

}  // namespace holdfast::simulation
