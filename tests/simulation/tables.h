#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "values.h"
#include "world.h"

namespace holdfast::simulation {

// A row of runtime.outbox: its columns as PostgreSQL sends them.
struct OutboxRow {
  std::string event_id, agency, topic, key, type;
  std::int64_t sequence = 0;
  std::string occurred_at, payload, headers;
  Nanoseconds created_at = 0;
};

using Stream = std::tuple<std::string, std::string, std::string>;  // agency, topic, key

struct LeaseRow {
  std::string owner;
  std::int64_t term = 0;
  Nanoseconds expires_at = 0;
};

struct TimerKey {
  std::string agency, subject, kind;
  auto operator<=>(const TimerKey&) const = default;
};

struct TimerRow {
  std::int64_t next_due = 0;  // a timestamptz
  std::int64_t attempts = 0;
  std::int64_t place = 0;  // ctid: another with each write
};

using InboxKey = std::pair<std::string, std::string>;  // handler, event

// What a timer or a handler did. There is no unique key: that it was done twice is for the checks to find.
struct EffectRow {
  std::string cause, subject;
  std::int64_t number = 0;
  Nanoseconds committed_at = 0;
};

// A row of contracts' ledger, as far as it is checked; dates as PostgreSQL counts them. Without its unique key, as
// above.
struct EntryRow {
  std::string contract, kind;
  std::int64_t term_end = 0, lead_days = 0, effective_at = 0;
  Nanoseconds committed_at = 0;
};

using LaneKey = std::pair<std::string, std::string>;  // subscription, lane

struct LaneRow {
  std::optional<std::int64_t> next_due;  // a timestamptz
  bool claimed = false;
};

// A row of notifications' deliveries; instants and texts as PostgreSQL sends them.
struct DeliveryRow {
  std::string id, subscription, event, event_name, lane;
  Cell account;
  std::string state;
  std::int64_t attempts = 0, tries = 0, version = 1;
  std::string created_at;
  Cell next_attempt_at, ended_at;
  std::int64_t position = 0;
};

using AttemptKey = std::pair<std::string, std::int64_t>;  // delivery, number

struct AttemptRow {
  std::int64_t at = 0, status = 0, duration_ms = 0;
};

// The tables that the simulated parts use, each by its key: what is committed, and what a transaction has written.
template <template <class Key, class Row> class Kind>
struct TablesOf {
  Kind<std::int64_t, OutboxRow> outbox;
  Kind<Stream, std::int64_t> streams;
  Kind<std::string, LeaseRow> leases;
  Kind<TimerKey, TimerRow> timers;
  Kind<InboxKey, Nanoseconds> inbox, dead_letters;
  Kind<std::string, Row> facts;  // what commands wrote, by its id
  Kind<std::int64_t, EffectRow> effects;
  Kind<std::string, Row> contracts;  // by id
  Kind<std::int64_t, EntryRow> ledger;
  Kind<std::string, Row> subscriptions;   // by id
  Kind<std::string, std::string> bodies;  // by event
  Kind<LaneKey, LaneRow> lanes;
  Kind<std::string, DeliveryRow> deliveries;  // by id
  Kind<AttemptKey, AttemptRow> attempts;

  auto all() {
    return std::tie(outbox, streams, leases, timers, inbox, dead_letters, facts, effects, contracts, ledger,
                    subscriptions, bodies, lanes, deliveries, attempts);
  }
};

template <class Key, class Row>
using Committed = std::map<Key, Row>;
template <class Key, class Row>
using Written = std::map<Key, std::optional<Row>>;  // without a row: deleted

using Tables = TablesOf<Committed>;
using Changes = TablesOf<Written>;

// The row as a transaction sees it.
template <class Key, class Row>
std::optional<Row> seen(const std::map<Key, Row>& committed, const std::map<Key, std::optional<Row>>& written,
                        const Key& key) {
  if (const auto ours = written.find(key); ours != written.end()) return ours->second;
  const auto theirs = committed.find(key);
  return theirs == committed.end() ? std::nullopt : std::optional(theirs->second);
}

// All rows as a transaction sees them.
template <class Key, class Row, class Visit>
void for_each_seen(const std::map<Key, Row>& committed, const std::map<Key, std::optional<Row>>& written, Visit visit) {
  for (const auto& [key, row] : committed) {
    if (!written.contains(key)) visit(key, row);
  }
  for (const auto& [key, row] : written) {
    if (row) visit(key, *row);
  }
}

bool is_empty(Changes& changes);
// Makes the changes, which are then those that would take them back.
void exchange(Tables& tables, Changes& changes);

}  // namespace holdfast::simulation
