#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "runtime/core/fields.h"
#include "runtime/core/time.h"
#include "runtime/core/uuid.h"
#include "runtime/wire/wire.h"

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

// The event that carries this message. Topic, key and type are declared on it (holdfast.options.v1.event); a message
// without the option, or whose key path leads nowhere, is our bug and ends the process.
Event encode(const google::protobuf::Message& message, AgencyId agency, Instant occurred_at);

// "/holdfast/tickets" of the topic "holdfast.tickets": the CloudEvent's source.
std::string source_of(std::string_view topic);

// The type under which events of this message travel: "holdfast.ticket-opened.v1".
std::string type_of(const google::protobuf::Message& prototype);

namespace detail {

using Fill = std::function<void(google::protobuf::Message&)>;
using Use = std::function<Result<>(const google::protobuf::Message&)>;

Event encode_as(std::string_view message, const Fill& fill, AgencyId agency, Instant occurred_at);
Result<> decode_as(std::string_view message, const Event& event, const Use& use);

}  // namespace detail

// A fact is a struct whose Fields also name its message:
//   template <> struct Fields<TicketOpened> {
//     static constexpr std::string_view message = "holdfast.tickets.v1.TicketOpened";
//     static constexpr auto list = FieldList{Field{"ticket", &TicketOpened::ticket}};
//   };
// The first of its kind stops the program when the fact does not fit its message.
template <HasFields Fact>
Event encode(const Fact& fact, AgencyId agency, Instant occurred_at) {
  [[maybe_unused]] static const bool fits = (wire::check<Fact>(Fields<Fact>::message), true);
  return detail::encode_as(
      Fields<Fact>::message, [&](google::protobuf::Message& message) { wire::write(fact, message); }, agency,
      occurred_at);
}

// The fact that an event carries, as far as our struct wants to know it.
template <HasFields Fact>
Result<Fact> decode(const Event& event) {
  Result<Fact> fact = fail(Reason::internal, "not decoded");
  CHECK_OK(detail::decode_as(Fields<Fact>::message, event, [&](const google::protobuf::Message& message) -> Result<> {
    fact = wire::read<Fact>(message, Reason::newer_than_program);
    return {};
  }));
  return fact;
}

}  // namespace holdfast::events
