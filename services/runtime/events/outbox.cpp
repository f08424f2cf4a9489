#include "runtime/events/outbox.h"

#include <fmt/format.h>

#include "runtime/events/outbox.sql.h"
#include "runtime/events/rows.h"

namespace holdfast::events {

Result<> Outbox::append(sql::Transaction& transaction, std::span<const Event> events) {
  if (events.empty()) return {};
  std::vector<Uuid> ids;
  std::vector<AgencyId> agencies;
  std::vector<std::string> topics, keys, types;
  std::vector<Instant> instants;
  std::vector<sql::Bytes> payloads;
  for (const auto& event : events) {
    if (event.payload.size() > max_payload_bytes) {
      return fail(Reason::event_too_large, fmt::format("{} would be {} bytes", event.type, event.payload.size()));
    }
    ids.push_back(event.id);
    agencies.push_back(event.agency);
    topics.push_back(event.topic);
    keys.push_back(event.key);
    types.push_back(event.type);
    instants.push_back(event.occurred_at);
    payloads.push_back({event.payload});
  }
  transaction.defer(statements::append, ids, agencies, topics, keys, types, instants, payloads,
                    headers_of(transaction.call().traceparent, transaction.call().request_id));
  return {};
}

Result<Backlog> Outbox::backlog(sql::Transaction& transaction) {
  return transaction.one<Backlog>(statements::backlog, max_counted);
}

void Outbox::wake() {
  {
    const std::lock_guard lock(mutex_);
    hint_ = true;
  }
  woken_.notify_one();
}

void Outbox::wait(std::chrono::milliseconds longest, std::stop_token stop) {
  std::unique_lock lock(mutex_);
  woken_.wait_for(lock, stop, longest, [&] { return hint_; });
  hint_ = false;
}

}  // namespace holdfast::events
