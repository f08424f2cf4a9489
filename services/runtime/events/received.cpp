#include "runtime/events/received.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "runtime/core/limits.h"

namespace holdfast::events {
namespace {

constexpr size_t longest_word = 512;

Result<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return fail(Reason::field_invalid, "ce_sequence", "is no number");
  }
  return value;
}

// What travels in text columns and headers, and goes into webhooks' JSON as it is. Ids and names have no other
// characters, and PostgreSQL would not take some: an event that cannot even be set aside would hold its partition for
// ever.
Result<std::string> word(std::string_view text, const char* name) {
  const auto plain = [](char c) { return c > ' ' && c < '\x7f' && c != '"' && c != '\\'; };
  if (text.size() > longest_word || !std::ranges::all_of(text, plain)) {
    return fail(Reason::field_invalid, name,
                "is no word of at most " + bytes_text(longest_word) + " of ASCII without quotes and backslashes");
  }
  return std::string(text);
}

}  // namespace

Result<Event> read_event(const HeaderOf& header, std::string_view topic, std::string_view key,
                         std::string_view payload) {
  Event event;
  event.id = TRY(parse_uuid(header("ce_id")));
  event.agency = AgencyId{TRY(parse_uuid(header("ce_agency")))};
  event.sequence = TRY(number(header("ce_sequence")));
  event.occurred_at = TRY(parse_instant(header("ce_time")));
  event.type = TRY(word(header("ce_type"), "ce_type"));
  if (event.type.empty()) return fail(Reason::field_required, "ce_type", "is missing");
  event.topic = topic;
  event.key = TRY(word(key, "key"));
  if (payload.size() > max_payload_bytes)
    return fail(Reason::event_too_large, "it has more than " + bytes_text(max_payload_bytes));
  event.payload = payload;
  event.request_id = TRY(word(header("ce_requestid"), "ce_requestid"));
  event.traceparent = TRY(word(header("ce_traceparent"), "ce_traceparent"));
  return event;
}

Result<Event> receive(const rd_kafka_message_s& message) {
  rd_kafka_headers_t* headers = nullptr;
  rd_kafka_message_headers(&message, &headers);
  const auto header = [&](const char* name) -> std::string_view {
    const void* value = nullptr;
    size_t size = 0;
    if (!headers || rd_kafka_header_get_last(headers, name, &value, &size) != RD_KAFKA_RESP_ERR_NO_ERROR) return {};
    return {static_cast<const char*>(value), size};
  };
  return read_event(header, rd_kafka_topic_name(message.rkt), {static_cast<const char*>(message.key), message.key_len},
                    {static_cast<const char*>(message.payload), message.len});
}

}  // namespace holdfast::events
