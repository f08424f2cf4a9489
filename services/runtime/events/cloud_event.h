#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/events/event.h"

namespace holdfast::events {

// The event as a CloudEvent in structured JSON mode, as webhooks and live events carry it: the attributes are those of
// Kafka's headers, `data` is the message in protobuf's JSON (lowerCamel, zero values printed). NEWER_THAN_PROGRAM
// for a type that this program does not know, MESSAGE_MALFORMED for bytes that are another type's.
Result<std::string> cloud_event_json(const Event& event);

// "ticket-opened" of "holdfast.ticket-opened.v1".
std::string_view name_of_type(std::string_view type);

// Type -> full name of its message, of every event that is linked into this process.
const std::map<std::string, std::string, std::less<>>& messages_by_type();
// Their names, in order.
std::vector<std::string> all_event_names();

// The account that an event is about, by its key; nothing for one about the whole agency.
std::optional<Uuid> account_of(const Event& event);

}  // namespace holdfast::events
