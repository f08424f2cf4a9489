#pragma once

#include <string>
#include <utility>
#include <vector>

#include "runtime/events/kafka.h"

namespace holdfast::events {

// What Kafka is told of a topic beside its partitions and replicas.
std::vector<std::pair<std::string, std::string>> entries_of(const Topic& topic);

}  // namespace holdfast::events
