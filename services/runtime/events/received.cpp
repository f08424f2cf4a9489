#include "runtime/events/received.h"

#include <librdkafka/rdkafka.h>

#include <charconv>
#include <string_view>

namespace holdfast::events {
namespace {

std::string_view header(const rd_kafka_headers_t* headers, const char* name) {
  const void* value = nullptr;
  size_t size = 0;
  if (!headers || rd_kafka_header_get_last(headers, name, &value, &size) != RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  return {static_cast<const char*>(value), size};
}

Result<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return fail(Reason::field_invalid, "ce_sequence", "is no number");
  }
  return value;
}

}  // namespace

Result<Event> receive(const rd_kafka_message_s& message) {
  rd_kafka_headers_t* headers = nullptr;
  rd_kafka_message_headers(&message, &headers);
  Event event;
  event.id = TRY(parse_uuid(header(headers, "ce_id")));
  event.agency = AgencyId{TRY(parse_uuid(header(headers, "ce_agency")))};
  event.sequence = TRY(number(header(headers, "ce_sequence")));
  event.occurred_at = TRY(parse_instant(header(headers, "ce_time")));
  event.type = header(headers, "ce_type");
  if (event.type.empty()) return fail(Reason::field_required, "ce_type", "is missing");
  event.topic = rd_kafka_topic_name(message.rkt);
  event.key.assign(static_cast<const char*>(message.key), message.key_len);
  event.payload.assign(static_cast<const char*>(message.payload), message.len);
  event.request_id = header(headers, "ce_requestid");
  event.traceparent = header(headers, "ce_traceparent");
  return event;
}

}  // namespace holdfast::events
