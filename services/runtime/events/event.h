#pragma once

#include <cstdint>
#include <string>

#include "runtime/core/time.h"
#include "runtime/core/uuid.h"

namespace google::protobuf {
class Message;
}

namespace holdfast::events {

// An event as it lies in the outbox, travels over Kafka and is handed to a handler: a CloudEvent in binary mode.
struct Event {
  Uuid id;  // ce_id, webhook-id and inbox key: one id to follow everywhere
  AgencyId agency;
  std::string topic;          // "holdfast.tickets"
  std::string key;            // "<agency>/<account>", or "<agency>": order is promised per topic and key
  std::string type;           // "holdfast.ticket-opened.v1"
  std::int64_t sequence = 0;  // gapless per topic and key; given by the outbox
  Instant occurred_at;        // the effective instant of the fact, by the business clock
  std::string payload;        // the protobuf message
  std::string request_id;     // of the call that caused it
  std::string traceparent;
};

// An event is refused above this size, at the command that makes it: Kafka's own limit is 1 MiB a batch.
inline constexpr size_t max_payload_bytes = 512 * 1024;

// Topic, key and type are declared on the message (holdfast.options.v1.event). A message without the option, or whose
// key path leads nowhere, is our bug and ends the process.
Event encode(const google::protobuf::Message& message, AgencyId agency, Instant occurred_at);
// The type under which events of this message travel.
std::string type_of(const google::protobuf::Message& prototype);

}  // namespace holdfast::events
