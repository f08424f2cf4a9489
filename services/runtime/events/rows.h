#pragma once

#include "runtime/events/event.h"
#include "runtime/events/held_beginning.h"
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
inline std::string headers_of(const std::string& traceparent, const std::string& request_id) {
  return traceparent + "\n" + request_id;
}

// An event that was set aside; its id and its handler are what it was asked for by.
struct DeadLetter {
  AgencyId agency;
  std::string topic;
  std::string key;
  std::string type;
  std::int64_t sequence;
  Instant occurred_at;
  sql::Bytes payload;
  std::string headers;
};

// An event that is new to a handler.
struct Received {
  std::string handler;
  Uuid event_id;
};

}  // namespace holdfast::events

template <>
struct holdfast::Fields<holdfast::events::Queued> {
  using Q = events::Queued;
  static constexpr auto list = FieldList{Field{"seq", &Q::seq},           Field{"event_id", &Q::id},
                                         Field{"agency_id", &Q::agency},  Field{"topic", &Q::topic},
                                         Field{"key", &Q::key},           Field{"type", &Q::type},
                                         Field{"sequence", &Q::sequence}, Field{"occurred_at", &Q::occurred_at},
                                         Field{"payload", &Q::payload},   Field{"headers", &Q::headers}};
};

template <>
struct holdfast::Fields<holdfast::events::DeadLetter> {
  using D = events::DeadLetter;
  static constexpr auto list =
      FieldList{Field{"agency_id", &D::agency}, Field{"topic", &D::topic},       Field{"key", &D::key},
                Field{"type", &D::type},        Field{"sequence", &D::sequence}, Field{"occurred_at", &D::occurred_at},
                Field{"payload", &D::payload},  Field{"headers", &D::headers}};
};

template <>
struct holdfast::Fields<holdfast::events::Backlog> {
  using Backlog = events::Backlog;
  static constexpr auto list =
      FieldList{Field{"events", &Backlog::events}, Field{"oldest_age_seconds", &Backlog::oldest_age_seconds}};
};

template <>
struct holdfast::Fields<holdfast::events::Received> {
  using R = events::Received;
  static constexpr auto list = FieldList{Field{"handler", &R::handler}, Field{"event_id", &R::event_id}};
};

template <>
struct holdfast::Fields<holdfast::events::HeldBeginning::Horizon> {
  using H = events::HeldBeginning::Horizon;
  static constexpr auto list =
      FieldList{Field{"last_seq", &H::last_seq}, Field{"oldest_transaction", &H::oldest_transaction},
                Field{"next_transaction", &H::next_transaction}};
};
