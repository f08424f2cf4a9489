#pragma once

#include <cstdint>
#include <string>

#include "bench/things.h"

namespace holdfast::bench {

// So many events that wait in the outbox, scattered over the streams: how many a second are on Kafka, from a tenth of
// them on.
double relayed_per_second(const Things& things, const Population& streams, const std::string& topic,
                          std::int64_t events);

}  // namespace holdfast::bench
