#include "runtime/events/outbox.h"

#include <fmt/format.h>

#include <map>
#include <tuple>

#include "runtime/core/mutant.h"
#include "runtime/events/mutants.sql.h"
#include "runtime/events/outbox.sql.h"
#include "runtime/events/rows.h"

namespace holdfast::events {

namespace {

// Which streams the events are of, in the order of their keys.
struct Streams {
  explicit Streams(std::span<const Event> events) : stream_of(events.size()), followers(events.size()) {
    std::map<std::tuple<AgencyId, std::string_view, std::string_view>, std::vector<size_t>> places;
    for (size_t place = 0; place < events.size(); ++place) {
      const auto& event = events[place];
      places[{event.agency, event.topic, event.key}].push_back(place);
    }
    for (const auto& [stream, of_stream] : places) {
      agencies.push_back(std::get<0>(stream));
      topics.push_back(std::get<1>(stream));
      keys.push_back(std::get<2>(stream));
      totals.push_back(static_cast<std::int64_t>(of_stream.size()));
      for (size_t rank = 0; rank < of_stream.size(); ++rank) {
        stream_of[of_stream[rank]] = static_cast<std::int32_t>(agencies.size());
        followers[of_stream[rank]] = static_cast<std::int64_t>(of_stream.size() - 1 - rank);
      }
    }
  }

  std::vector<AgencyId> agencies;
  std::vector<std::string_view> topics, keys;
  std::vector<std::int64_t> totals;
  // By event: the number of its stream, from 1 on, and how many of the same stream follow it.
  std::vector<std::int32_t> stream_of;
  std::vector<std::int64_t> followers;
};

}  // namespace

Result<> Outbox::append(sql::Transaction& transaction, std::span<const Event> events) {
  if (events.empty()) return {};
  std::vector<Uuid> ids;
  std::vector<AgencyId> agencies;
  std::vector<std::string_view> topics, keys, types;
  std::vector<Instant> instants;
  std::vector<sql::Bytes> payloads;
  std::vector<std::string> headers;
  const auto& call = transaction.call();
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
    // A transaction that many calls share has said whose each is.
    headers.push_back(event.request_id.empty() ? headers_of(call.traceparent, call.request_id)
                                               : headers_of(event.traceparent, event.request_id));
  }
  if (events.size() == 1) {
    const auto& append = mutant("streams.not_locked") ? statements::append_one_unlocked : statements::append_one;
    transaction.defer(append, ids[0], agencies[0], topics[0], keys[0], types[0], instants[0], payloads[0], headers[0]);
    return {};
  }
  const Streams streams(events);
  transaction.defer(statements::append, ids, agencies, topics, keys, types, instants, payloads, headers,
                    streams.agencies, streams.topics, streams.keys, streams.totals, streams.stream_of,
                    streams.followers);
  return {};
}

Result<> Outbox::reach(sql::Transaction& transaction, const Event& event) {
  TRY(transaction.exec(statements::reach, event.agency, event.topic, event.key, event.sequence));
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
