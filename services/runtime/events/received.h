#pragma once

#include "runtime/core/result.h"
#include "runtime/events/event.h"

struct rd_kafka_message_s;

namespace holdfast::events {

// A Kafka message read as the CloudEvent that it is. FIELD_INVALID names the header that is missing or wrong.
Result<Event> receive(const rd_kafka_message_s& message);

}  // namespace holdfast::events
