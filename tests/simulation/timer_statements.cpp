// What runtime/timers and runtime/events say to the table of timers.

#include <algorithm>

#include "statements.h"

namespace holdfast::simulation {
namespace {

using namespace types;

std::string lock_of(const TimerKey& key) { return "timers/" + key.agency + "/" + key.subject + "/" + key.kind; }

std::optional<TimerRow> current(Session& session, const TimerKey& key) {
  return seen(session.committed().timers, session.written.timers, key);
}

void write(Session& session, const TimerKey& key, std::int64_t next_due, std::int64_t attempts) {
  session.written.timers[key] = TimerRow{next_due, attempts, session.new_number()};
}

using Timers = Committed<TimerKey, TimerRow>;

// Those of a kind from `from` to `until`, the oldest first; until the next commit.
std::vector<const Timers::value_type*> due(Session& session, const std::string& kind, std::int64_t from,
                                           std::int64_t until) {
  std::vector<const Timers::value_type*> found;
  for (const auto& entry : session.committed().timers) {
    if (entry.second.next_due < from || entry.second.next_due > until || entry.first.kind != kind) continue;
    found.push_back(&entry);
  }
  std::ranges::stable_sort(found, {}, [](const auto* entry) { return entry->second.next_due; });
  return found;
}

Answer claimed(Session& session, Parameters given, bool locked) {
  const auto most = static_cast<size_t>(integer_of(*given[3]));
  std::vector<Row> rows;
  for (const auto* found : due(session, *given[0], integer_of(*given[1]), integer_of(*given[2]))) {
    const auto& [key, row] = *found;
    if (rows.size() == most) break;
    if (locked && !session.lock_at_once(lock_of(key))) continue;
    rows.push_back(
        {key.agency, key.subject, bytes_of(row.next_due), bytes_of(row.attempts, 4), bytes_of(row.place, 6)});
  }
  return selected(std::move(rows));
}

Answer claim(Session& session, Parameters given) { return claimed(session, given, true); }
// The bug on purpose.
Answer claim_unlocked(Session& session, Parameters given) { return claimed(session, given, false); }

// The row that lies there, once it is ours; none if it has been written since.
std::optional<TimerKey> locked_at(Session& session, std::int64_t place) {
  const auto& timers = session.committed().timers;
  const auto found = std::ranges::find(timers, place, [](const auto& entry) { return entry.second.place; });
  if (found == timers.end()) return std::nullopt;
  const auto key = found->first;
  session.lock(lock_of(key));
  const auto now = current(session, key);
  return now && now->place == place ? std::optional(key) : std::nullopt;
}

Answer arm_claimed(Session& session, Parameters given) {
  const auto places = elements_of(*given[0]), instants = elements_of(*given[1]);
  size_t count = 0;
  for (size_t index = 0; index < places.size(); ++index) {
    const auto key = locked_at(session, integer_of(places[index]));
    if (!key) continue;
    write(session, *key, integer_of(instants[index]), 0);
    ++count;
  }
  return updated(count);
}

Answer disarm_claimed(Session& session, Parameters given) {
  size_t count = 0;
  for (const auto& place : elements_of(*given[0])) {
    const auto key = locked_at(session, integer_of(place));
    if (!key) continue;
    session.written.timers[*key] = std::nullopt;
    ++count;
  }
  return deleted(count);
}

// The row of a kind, agency and subject, once it is ours, if it is due at that instant still.
std::optional<TimerKey> locked_if_due_at(Session& session, Parameters given) {
  const TimerKey key{*given[1], *given[2], *given[0]};
  const auto is_so = [&] {
    const auto row = current(session, key);
    return row && row->next_due == integer_of(*given[3]);
  };
  if (!is_so()) return std::nullopt;
  session.lock(lock_of(key));
  return is_so() ? std::optional(key) : std::nullopt;
}

Answer put_back(Session& session, Parameters given) {
  const auto key = locked_if_due_at(session, given);
  if (!key) return updated(0);
  write(session, *key, integer_of(*given[4]), current(session, *key)->attempts + 1);
  return updated(1);
}

// The bug on purpose.
Answer give_up(Session& session, Parameters given) {
  const auto key = locked_if_due_at(session, given);
  if (!key) return deleted(0);
  session.written.timers[*key] = std::nullopt;
  return deleted(1);
}

Answer earliest(Session& session, Parameters given) {
  const auto kinds = elements_of(*given[0]), beginnings = elements_of(*given[1]);
  std::vector<Row> rows;
  for (size_t index = 0; index < kinds.size(); ++index) {
    std::optional<std::int64_t> first;
    for (const auto& [key, row] : session.committed().timers) {
      if (key.kind != kinds[index] || row.next_due < integer_of(beginnings[index])) continue;
      first = std::min(row.next_due, first.value_or(row.next_due));
    }
    if (first) rows.push_back({kinds[index], bytes_of(*first)});
  }
  return selected(std::move(rows));
}

Answer backlog(Session& session, Parameters given) {
  const auto now = integer_of(*given[1]);
  std::vector<Row> rows;
  for (const auto& kind : elements_of(*given[0])) {
    const auto found = due(session, kind, INT64_MIN, now);
    const auto late = found.empty() ? 0 : now - found.front()->second.next_due;
    const auto count = std::min(static_cast<std::int64_t>(found.size()), integer_of(*given[2]));
    const auto failing = std::ranges::count_if(session.committed().timers, [&](const auto& entry) {
      return entry.first.kind == kind && entry.second.attempts > 0;
    });
    rows.push_back({kind, bytes_of(count), double_bytes(static_cast<double>(late) / 1e6), bytes_of(failing)});
  }
  return selected(std::move(rows));
}

Answer arm(Session& session, Parameters given) {
  std::vector<std::vector<std::string>> columns;
  for (const auto& array : given) columns.push_back(elements_of(*array));
  size_t count = 0;
  for (size_t index = 0; index < columns[0].size(); ++index) {
    const TimerKey key{columns[1][index], columns[2][index], columns[0][index]};
    const auto next_due = integer_of(columns[3][index]);
    session.lock(lock_of(key));
    const auto row = current(session, key);
    if (row && row->next_due == next_due && row->attempts == 0) continue;
    write(session, key, next_due, 0);
    ++count;
  }
  return inserted(count);
}

Answer arm_if_none(Session& session, Parameters given) {
  const TimerKey key{*given[1], *given[2], *given[0]};
  // Whoever writes it just now is waited for, whoever only holds it is not.
  const auto* holder = session.holder_of(lock_of(key));
  const bool is_being_written = holder != nullptr && holder != &session && holder->written.timers.contains(key);
  if (!is_being_written && current(session, key)) return inserted(0);
  session.lock(lock_of(key));
  if (current(session, key)) return inserted(0);
  write(session, key, integer_of(*given[3]), 0);
  return inserted(1);
}

Answer disarm(Session& session, Parameters given) {
  const TimerKey key{*given[1], *given[2], *given[0]};
  if (!current(session, key)) return deleted(0);
  session.lock(lock_of(key));
  if (!current(session, key)) return deleted(0);
  session.written.timers[key] = std::nullopt;
  return deleted(1);
}

}  // namespace

void add_timer_statements(Statements& all) {
  const std::vector<unsigned> one{text, uuid, uuid, timestamptz}, moved{text, uuid, uuid, timestamptz, timestamptz};
  const std::vector<unsigned> look{text, timestamptz, timestamptz, int8};
  const std::vector<std::pair<std::string, unsigned>> row{
      {"agency_id", uuid}, {"subject_id", uuid}, {"next_due", timestamptz}, {"attempts", int4}, {"place", tid}};
  all["timers.timers.claim"] = {look, row, &claim};
  all["timers.mutants.claim_unlocked"] = {look, row, &claim_unlocked};
  all["timers.timers.arm_claimed"] = {{tid_array, timestamptz_array}, {}, &arm_claimed};
  all["timers.timers.disarm_claimed"] = {{tid_array}, {}, &disarm_claimed};
  all["timers.timers.put_back"] = {moved, {}, &put_back};
  all["timers.mutants.give_up"] = {moved, {}, &give_up};
  all["timers.timers.earliest"] = {
      {text_array, timestamptz_array}, {{"kind", text}, {"next_due", timestamptz}}, &earliest};
  all["timers.timers.backlog"] = {{text_array, timestamptz, int8},
                                  {{"kind", text}, {"due", int8}, {"late_seconds", float8}, {"failing", int8}},
                                  &backlog};
  all["events.due_times.arm"] = {{text_array, uuid_array, uuid_array, timestamptz_array}, {}, &arm};
  all["events.due_times.arm_if_none"] = {one, {}, &arm_if_none};
  all["events.due_times.disarm"] = {{text, uuid, uuid}, {}, &disarm};
}

}  // namespace holdfast::simulation
