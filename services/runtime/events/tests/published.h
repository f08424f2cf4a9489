#pragma once

#include <stdexcept>
#include <vector>

#include "runtime/core/call.h"
#include "runtime/events/rows.h"
#include "runtime/sql/database.h"

namespace holdfast::events::tests {

// Events that wait in the outbox, in its order, as a consumer would be given them. Throws when it cannot be read.
inline std::vector<events::Event> all_published(sql::Database& database, const Call& call) {
  constexpr sql::Statement published{
      "test.published",
      "SELECT seq, event_id, agency_id, topic, key, type, sequence, occurred_at, payload, headers FROM runtime.outbox "
      "ORDER BY seq"};
  const auto rows =
      database.read(call, [&](sql::Transaction& transaction) { return transaction.many<events::Queued>(published); });
  if (!rows) throw std::runtime_error(describe(rows.error()));
  std::vector<events::Event> events;
  for (const auto& row : *rows) {
    auto& event = events.emplace_back();
    event.id = row.id;
    event.agency = row.agency;
    event.topic = row.topic;
    event.key = row.key;
    event.type = row.type;
    event.sequence = row.sequence;
    event.occurred_at = row.occurred_at;
    event.payload = row.payload.data;
  }
  return events;
}

}  // namespace holdfast::events::tests
