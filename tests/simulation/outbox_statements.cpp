// What runtime/events says to its outbox and its leases.

#include <algorithm>
#include <cstring>

#include "statements.h"

namespace holdfast::simulation {
namespace {

using namespace types;

// Locks the stream's counter and reads what was committed meanwhile.
std::int64_t counted(Session& session, const Stream& stream, std::int64_t more) {
  const auto& [agency, topic, key] = stream;
  session.lock("streams/" + agency + "/" + topic + "/" + key);
  const auto before = seen(session.committed().streams, session.written.streams, stream).value_or(0);
  session.written.streams[stream] = before + more;
  return before + more;
}

void insert(Session& session, OutboxRow row) {
  session.transaction_id();
  row.created_at = session.now();
  session.written.outbox.emplace(session.new_number(), std::move(row));
}

Answer append_one(Session& session, Parameters given) {
  const auto sequence = counted(session, {*given[1], *given[2], *given[3]}, 1);
  insert(session, {*given[0], *given[1], *given[2], *given[3], *given[4], sequence, *given[5], *given[6], *given[7]});
  return inserted(1);
}

// The bug on purpose: read first, locked when it is written.
Answer append_one_unlocked(Session& session, Parameters given) {
  const Stream stream{*given[1], *given[2], *given[3]};
  const auto committed = session.committed().streams.find(stream);
  const auto sequence = (committed != session.committed().streams.end() ? committed->second : 0) + 1;
  insert(session, {*given[0], *given[1], *given[2], *given[3], *given[4], sequence, *given[5], *given[6], *given[7]});
  counted(session, stream, 0);
  session.written.streams[stream] = sequence;
  return inserted(1);
}

Answer append(Session& session, Parameters given) {
  std::vector<std::vector<std::string>> columns;
  for (const auto& array : given) columns.push_back(elements_of(*array));
  std::vector<std::int64_t> last;
  for (size_t stream = 0; stream < columns[8].size(); ++stream) {
    last.push_back(counted(session, {columns[8][stream], columns[9][stream], columns[10][stream]},
                           integer_of(columns[11][stream])));
  }
  for (size_t event = 0; event < columns[0].size(); ++event) {
    const auto stream = static_cast<size_t>(integer_of(columns[12][event])) - 1;
    insert(session,
           {columns[0][event], columns[1][event], columns[2][event], columns[3][event], columns[4][event],
            last[stream] - integer_of(columns[13][event]), columns[5][event], columns[6][event], columns[7][event]});
  }
  return inserted(columns[0].size());
}

std::vector<std::int64_t> integers_of(std::string_view array) {
  std::vector<std::int64_t> integers;
  for (const auto& element : elements_of(array)) integers.push_back(integer_of(element));
  return integers;
}

// Whether the place lies in one of the ranges, which are two arrays: where each begins, and its last place.
bool lies_in(std::int64_t place, const std::vector<std::int64_t>& first, const std::vector<std::int64_t>& last) {
  for (size_t range = 0; range < first.size(); ++range) {
    if (first[range] <= place && place <= last[range]) return true;
  }
  return false;
}

Answer oldest(Session& session, Parameters given) {
  const auto most = integer_of(*given[0]), most_bytes = integer_of(*given[1]), behind = integer_of(*given[3]);
  const auto held_back = elements_of(*given[2]);
  const auto first = integers_of(*given[4]), last = integers_of(*given[5]);
  std::vector<Row> rows;
  std::int64_t bytes = 0;
  for (const auto& [seq, row] : session.committed().outbox) {
    if (static_cast<std::int64_t>(rows.size()) == most) break;
    const bool is_ours = session.written.outbox.contains(seq);  // we have removed it
    if (is_ours || seq <= behind || std::ranges::count(held_back, row.topic) != 0 || lies_in(seq, first, last))
      continue;
    const auto size = static_cast<std::int64_t>(row.payload.size());
    bytes += size;
    if (bytes > most_bytes && bytes != size) break;
    rows.push_back({bytes_of(seq), row.event_id, row.agency, row.topic, row.key, row.type, bytes_of(row.sequence),
                    row.occurred_at, row.payload, row.headers});
  }
  return selected(std::move(rows));
}

Answer look_alone(Session&, Parameters) { return selected({{"0", "off"}}); }

Answer horizon(Session& session, Parameters) {
  const auto own = session.transaction_id();
  const auto& outbox = session.committed().outbox;
  const auto last = outbox.empty() ? 0 : outbox.rbegin()->first;
  return selected({{bytes_of(last), bytes_of(session.oldest_transaction()), bytes_of(own)}});
}

Answer removed(Session& session, const std::vector<std::int64_t>& places) {
  const auto& outbox = session.committed().outbox;
  size_t count = 0;
  for (const auto seq : places) {
    if (!outbox.contains(seq)) continue;
    session.lock("outbox/" + std::to_string(seq));
    if (!outbox.contains(seq)) continue;  // whom we waited for has removed it
    count += session.written.outbox.insert_or_assign(seq, std::nullopt).second ? 1 : 0;
  }
  return deleted(count);
}

Answer remove(Session& session, Parameters given) {
  const auto first = integers_of(*given[0]), last = integers_of(*given[1]);
  std::vector<std::int64_t> places;
  for (const auto& [seq, row] : session.committed().outbox) {
    if (lies_in(seq, first, last)) places.push_back(seq);
  }
  return removed(session, places);
}

// The bug on purpose.
Answer remove_up_to(Session& session, Parameters given) {
  const auto acknowledged = integers_of(*given[0]);
  std::vector<std::int64_t> places;
  for (const auto& [seq, row] : session.committed().outbox) {
    if (seq <= *std::ranges::max_element(acknowledged)) places.push_back(seq);
  }
  return removed(session, places);
}

Answer backlog(Session& session, Parameters given) {
  const auto& outbox = session.committed().outbox;
  const auto count = std::min(static_cast<std::int64_t>(outbox.size()), integer_of(*given[0]));
  const auto age = outbox.empty() ? 0 : session.now() - outbox.begin()->second.created_at;
  return selected({{bytes_of(count), double_bytes(static_cast<double>(age) / second)}});
}

Answer take(Session& session, Parameters given) {
  session.lock("leases/" + *given[0]);
  const auto before = seen(session.committed().leases, session.written.leases, *given[0]);
  LeaseRow row{*given[1], 1, session.now() + integer_of(*given[2]) * millisecond};
  if (before) {
    const bool is_ours = before->owner == row.owner;
    if (!is_ours && before->expires_at >= session.now()) return inserted(0);
    row.term = is_ours ? before->term : before->term + 1;
  }
  session.written.leases[*given[0]] = row;
  auto answer = inserted(1);
  answer.rows.push_back({bytes_of(row.term)});
  return answer;
}

Answer release(Session& session, Parameters given) {
  const auto is_ours = [&] {
    const auto row = seen(session.committed().leases, session.written.leases, *given[0]);
    return row && row->owner == *given[1];
  };
  if (!is_ours()) return updated(0);
  session.lock("leases/" + *given[0]);
  if (!is_ours()) return updated(0);
  auto row = *seen(session.committed().leases, session.written.leases, *given[0]);
  row.expires_at = session.now();
  session.written.leases[*given[0]] = row;
  return updated(1);
}

}  // namespace

void add_outbox_statements(Statements& all) {
  const std::vector<unsigned> one{uuid, uuid, text, text, text, timestamptz, bytea, text};
  all["events.outbox.append_one"] = {one, {}, &append_one};
  all["events.mutants.append_one_unlocked"] = {one, {}, &append_one_unlocked};
  all["events.outbox.append"] = {
      {uuid_array, uuid_array, text_array, text_array, text_array, timestamptz_array, bytea_array, text_array,
       uuid_array, text_array, text_array, int8_array, int4_array, int8_array},
      {},
      &append};
  all["events.outbox.oldest"] = {{int8, int8, text_array, int8, int8_array, int8_array},
                                 {{"seq", int8},
                                  {"event_id", uuid},
                                  {"agency_id", uuid},
                                  {"topic", text},
                                  {"key", text},
                                  {"type", text},
                                  {"sequence", int8},
                                  {"occurred_at", timestamptz},
                                  {"payload", bytea},
                                  {"headers", text}},
                                 &oldest};
  all["events.outbox.look_alone"] = {{}, {{"set_config", text}, {"set_config", text}}, &look_alone};
  all["events.outbox.horizon"] = {
      {}, {{"last_seq", int8}, {"oldest_transaction", int8}, {"next_transaction", int8}}, &horizon};
  all["events.outbox.remove"] = {{int8_array, int8_array}, {}, &remove};
  all["events.mutants.remove_up_to"] = {{int8_array}, {}, &remove_up_to};
  all["events.outbox.backlog"] = {{int8}, {{"events", int8}, {"oldest_age_seconds", float8}}, &backlog};
  all["events.lease.take"] = {{text, uuid, int8}, {{"term", int8}}, &take};
  all["events.lease.release"] = {{text, uuid}, {}, &release};
}

}  // namespace holdfast::simulation
