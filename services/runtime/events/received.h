#pragma once

#include <functional>
#include <string_view>

#include "runtime/core/result.h"
#include "runtime/events/event.h"

struct rd_kafka_message_s;

namespace holdfast::events {

// The last header of a name, empty when there is none.
using HeaderOf = std::function<std::string_view(const char* name)>;

// What travelled under these headers, read as the CloudEvent that it is. FIELD_INVALID names the header that is missing
// or wrong, among them what no database would keep; EVENT_TOO_LARGE for what no outbox would have taken.
Result<Event> read_event(const HeaderOf& header, std::string_view topic, std::string_view key,
                         std::string_view payload);

// The event of a Kafka message.
Result<Event> receive(const rd_kafka_message_s& message);

}  // namespace holdfast::events
