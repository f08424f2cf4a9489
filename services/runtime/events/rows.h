#pragma once

#include "runtime/events/event.h"
#include "runtime/events/outbox.h"
#include "runtime/sql/types.h"

namespace holdfast::events {

// An event and its place in the outbox.
struct Queued {
  std::int64_t seq;
  Uuid id;
  AgencyId agency;
  std::string topic;
  std::string key;
  std::string type;
  std::int64_t sequence;
  Instant occurred_at;
  sql::Bytes payload;
  std::string headers;  // as headers_of made it
};

// "traceparent\nrequest_id": what is the same for all events of a call.
inline std::string headers_of(const Call& call) { return call.traceparent + "\n" + call.request_id; }

}  // namespace holdfast::events

template <>
struct holdfast::sql::Row<holdfast::events::Queued> {
  using Q = events::Queued;
  static constexpr auto members = std::tuple(&Q::seq, &Q::id, &Q::agency, &Q::topic, &Q::key, &Q::type, &Q::sequence,
                                             &Q::occurred_at, &Q::payload, &Q::headers);
};

template <>
struct holdfast::sql::Row<holdfast::events::Backlog> {
  static constexpr auto members = std::tuple(&events::Backlog::events, &events::Backlog::oldest_age_seconds);
};
