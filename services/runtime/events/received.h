#pragma once

#include "runtime/core/result.h"
#include "runtime/events/event.h"

struct rd_kafka_message_s;

namespace holdfast::events {

// A Kafka message read as the CloudEvent that it is. FIELD_INVALID names the header that is missing or wrong, among
// them what no database would keep; EVENT_TOO_LARGE for what no outbox would have taken.
Result<Event> receive(const rd_kafka_message_s& message);

}  // namespace holdfast::events
