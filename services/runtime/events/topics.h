#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/events/kafka.h"

namespace holdfast::events {

// The topics that the events of a service name.
std::vector<std::string> published_by(std::string_view service);

// The topics that the events of a service name (proto/holdfast/<service>/v1/events.proto), each with its <topic>.dlq.
std::vector<Topic> topics_of(std::string_view service, int partitions, int replicas);

}  // namespace holdfast::events
