#include "store.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace holdfast::simulation {
namespace {

Answer inserted(size_t count) { return {{}, "INSERT 0 " + std::to_string(count), std::to_string(count)}; }

Answer selected(std::vector<Row> rows) {
  const auto count = std::to_string(rows.size());
  return {std::move(rows), "SELECT " + count, count};
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

std::string double_bytes(double value) {
  std::int64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bytes_of(bits);
}

}  // namespace

void Store::crash() {
  if (world_.random.once_in(2)) {
    for (auto undo = undo_.rbegin(); undo != undo_.rend(); ++undo) (*undo)();
  }
  undo_.clear();
}

// A lock that is waited for longer than statement_timeout ends the statement, as a cancel does.
void Session::lock(const std::string& row) {
  const auto until = statement_timeout_ == never ? never : store_.world_.now + statement_timeout_;
  for (;;) {
    const auto [holder, is_ours] = store_.locks_.try_emplace(row, this);
    if (is_ours) locked_.push_back(row);
    if (holder->second == this) return;
    if (cancelled_ || store_.world_.now >= until) throw SqlError{"57014", "canceling statement"};
    store_.world_.block(&store_.locks_, std::min(until, store_.world_.now + second));
  }
}

// Which may be busy: who took his numbers first may be seen last.
void Session::wait_for_disk() {
  auto& world = store_.world_;
  world.let_pass(world.random.once_in(10) ? world.random.between(1, 100) * millisecond
                                          : world.random.between(100, 1000) * microsecond);
}

std::int64_t Session::transaction_id() {
  if (id_ == 0) {
    id_ = store_.next_transaction_++;
    store_.under_way_.insert(id_);
  }
  return id_;
}

void Session::end() {
  for (const auto& row : locked_) store_.locks_.erase(row);
  if (!locked_.empty()) store_.world_.wake(&store_.locks_);
  store_.under_way_.erase(id_);
  locked_.clear();
  inserted_.clear();
  removed_.clear();
  counted_.clear();
  leased_.clear();
  facts_.clear();
  id_ = 0;
  begun_ = failed_ = cancelled_ = read_only_ = false;
  to_disk_ = true;
  statement_timeout_ = never;
}

// Everything at once.
void Session::apply() {
  const bool wrote =
      !inserted_.empty() || !removed_.empty() || !counted_.empty() || !leased_.empty() || !facts_.empty();
  if (!wrote) return;
  if (to_disk_) {
    store_.undo_.clear();  // the log is flushed up to here
  } else {
    store_.undo_.push_back(undoing());
  }
  for (auto& [seq, row] : inserted_) {
    store_.all_committed.push_back(row);
    store_.outbox.emplace(seq, std::move(row));
  }
  for (const auto seq : removed_) store_.outbox.erase(seq);
  for (const auto& [stream, sequence] : counted_) store_.streams[stream] = sequence;
  for (const auto& [name, lease] : leased_) store_.leases[name] = lease;
  store_.facts.insert(facts_.begin(), facts_.end());
}

// How what is about to be applied is taken back.
std::function<void()> Session::undoing() const {
  std::map<std::int64_t, OutboxRow> gone;
  std::map<Stream, std::int64_t> streams;
  std::map<std::string, LeaseRow> leases;
  std::vector<std::int64_t> came;
  for (const auto seq : removed_) gone.emplace(seq, store_.outbox.at(seq));
  for (const auto& [stream, sequence] : counted_) streams[stream] = store_.streams[stream];
  for (const auto& [name, lease] : leased_) leases[name] = store_.leases[name];
  for (const auto& [seq, row] : inserted_) came.push_back(seq);
  return [&store = store_, gone, streams, leases, came, facts = facts_] {
    for (const auto seq : came) store.outbox.erase(seq);
    store.outbox.insert(gone.begin(), gone.end());
    for (const auto& [stream, sequence] : streams) store.streams[stream] = sequence;
    for (const auto& [name, lease] : leases) store.leases[name] = lease;
    for (const auto& fact : facts) store.facts.erase(fact);
  };
}

Answer Session::execute(const std::string& name, Parameters parameters) {
  const auto found = handlers().find(name);
  if (found == handlers().end()) {
    std::fprintf(stderr, "simulation: the store does not know the statement %s\n", name.c_str());
    std::abort();
  }
  const bool ends = name == "database.commit" || name == "connection.rollback";
  if (failed_ && !ends) throw SqlError{"25P02", "current transaction is aborted"};
  try {
    return (this->*found->second)(parameters);
  } catch (const SqlError&) {
    failed_ = true;
    throw;
  }
}

const std::map<std::string, Session::Handler, std::less<>>& Session::handlers() {
  static const std::map<std::string, Handler, std::less<>> all{
      {"database.begin", &Session::begin},
      {"database.begin_read_only", &Session::begin_read_only},
      {"database.set_context", &Session::set_context},
      {"database.prepare_one_read", &Session::set_context},
      {"database.commit", &Session::commit},
      {"database.do_not_flush", &Session::do_not_flush},
      {"connection.rollback", &Session::roll_back},
      {"simulation.insert_fact", &Session::insert_fact},
      {"events.mutants.commit_so_far", &Session::commit_so_far},
      {"events.mutants.append_one_unlocked", &Session::append_one_unlocked},
      {"events.mutants.remove_up_to", &Session::remove_up_to},
      {"events.outbox.append_one", &Session::append_one},
      {"events.outbox.append", &Session::append},
      {"events.outbox.oldest", &Session::oldest},
      {"events.outbox.look_alone", &Session::set_one},
      {"events.outbox.horizon", &Session::horizon},
      {"events.outbox.do_not_flush", &Session::do_not_flush},
      {"events.outbox.remove", &Session::remove},
      {"events.outbox.backlog", &Session::backlog},
      {"events.lease.take", &Session::take},
      {"events.lease.release", &Session::release},
  };
  return all;
}

Answer Session::begin(Parameters) {
  begun_ = true;
  return {{}, "BEGIN", ""};
}

Answer Session::begin_read_only(Parameters parameters) {
  read_only_ = true;
  return begin(parameters);
}

Answer Session::commit(Parameters) {
  const bool is_done = !failed_;
  if (is_done && id_ != 0 && to_disk_) wait_for_disk();
  if (is_done) apply();
  end();
  return {{}, is_done ? "COMMIT" : "ROLLBACK", ""};
}

Answer Session::roll_back(Parameters) {
  end();
  return {{}, "ROLLBACK", ""};
}

// COMMIT AND CHAIN.
Answer Session::commit_so_far(Parameters parameters) {
  const auto timeout = statement_timeout_;
  auto answer = commit(parameters);
  begun_ = true;
  statement_timeout_ = timeout;
  return answer;
}

Answer Session::set_context(Parameters parameters) {
  statement_timeout_ = std::stoll(*parameters[1]) * millisecond;
  return selected({{parameters[0], parameters[1]}});
}

Answer Session::set_one(Parameters) { return selected({{"0"}}); }

Answer Session::do_not_flush(Parameters) {
  to_disk_ = false;
  return selected({{"off"}});
}

Answer Session::insert_fact(Parameters parameters) {
  transaction_id();
  facts_.insert(*parameters[0]);
  return inserted(1);
}

// Locks the stream's counter and reads what was committed meanwhile.
std::int64_t Session::counted(const Stream& stream, std::int64_t more) {
  const auto& [agency, topic, key] = stream;
  transaction_id();
  lock("streams/" + agency + "/" + topic + "/" + key);
  const auto ours = counted_.find(stream);
  const auto committed = store_.streams.find(stream);
  const auto before = ours != counted_.end() ? ours->second : committed != store_.streams.end() ? committed->second : 0;
  return counted_[stream] = before + more;
}

void Session::insert(OutboxRow row) {
  transaction_id();
  row.created_at = store_.world_.now;
  inserted_.emplace(store_.next_seq_++, std::move(row));
}

Answer Session::append_one(Parameters given) {
  const auto sequence = counted({*given[1], *given[2], *given[3]}, 1);
  insert({*given[0], *given[1], *given[2], *given[3], *given[4], sequence, *given[5], *given[6], *given[7]});
  return inserted(1);
}

// The bug on purpose: read first, locked when it is written.
Answer Session::append_one_unlocked(Parameters given) {
  const Stream stream{*given[1], *given[2], *given[3]};
  const auto committed = store_.streams.find(stream);
  const auto sequence = (committed != store_.streams.end() ? committed->second : 0) + 1;
  insert({*given[0], *given[1], *given[2], *given[3], *given[4], sequence, *given[5], *given[6], *given[7]});
  counted(stream, 0);
  counted_[stream] = sequence;
  return inserted(1);
}

Answer Session::append(Parameters given) {
  std::vector<std::vector<std::string>> columns;
  for (const auto& array : given) columns.push_back(elements_of(*array));
  std::vector<std::int64_t> last;
  for (size_t stream = 0; stream < columns[8].size(); ++stream) {
    last.push_back(
        counted({columns[8][stream], columns[9][stream], columns[10][stream]}, integer_of(columns[11][stream])));
  }
  for (size_t event = 0; event < columns[0].size(); ++event) {
    const auto stream = static_cast<size_t>(integer_of(columns[12][event])) - 1;
    insert({columns[0][event], columns[1][event], columns[2][event], columns[3][event], columns[4][event],
            last[stream] - integer_of(columns[13][event]), columns[5][event], columns[6][event], columns[7][event]});
  }
  return inserted(columns[0].size());
}

Answer Session::oldest(Parameters given) {
  const auto most = integer_of(*given[0]), most_bytes = integer_of(*given[1]), behind = integer_of(*given[3]);
  const auto held_back = elements_of(*given[2]);
  const auto first = integers_of(*given[4]), last = integers_of(*given[5]);
  std::vector<Row> rows;
  std::int64_t bytes = 0;
  for (const auto& [seq, row] : store_.outbox) {
    if (static_cast<std::int64_t>(rows.size()) == most) break;
    if (seq <= behind || std::ranges::count(held_back, row.topic) != 0 || lies_in(seq, first, last)) continue;
    bytes += static_cast<std::int64_t>(row.payload.size());
    if (!rows.empty() && bytes > most_bytes) break;
    rows.push_back({bytes_of(seq), row.event_id, row.agency, row.topic, row.key, row.type, bytes_of(row.sequence),
                    row.occurred_at, row.payload, row.headers});
  }
  return selected(std::move(rows));
}

Answer Session::horizon(Parameters) {
  const auto own = transaction_id();
  const auto last = store_.outbox.empty() ? 0 : store_.outbox.rbegin()->first;
  return selected({{bytes_of(last), bytes_of(*store_.under_way_.begin()), bytes_of(own)}});
}

Answer Session::removed(const std::vector<std::int64_t>& places) {
  size_t count = 0;
  transaction_id();
  for (const auto seq : places) {
    if (!store_.outbox.contains(seq)) continue;
    lock("outbox/" + std::to_string(seq));
    if (store_.outbox.contains(seq))
      count += removed_.insert(seq).second ? 1 : 0;  // whom we waited for may have removed it
  }
  return {{}, "DELETE " + std::to_string(count), std::to_string(count)};
}

Answer Session::remove(Parameters given) {
  const auto first = integers_of(*given[0]), last = integers_of(*given[1]);
  std::vector<std::int64_t> places;
  for (const auto& [seq, row] : store_.outbox) {
    if (lies_in(seq, first, last)) places.push_back(seq);
  }
  return removed(places);
}

Answer Session::remove_up_to(Parameters given) {
  const auto acknowledged = integers_of(*given[0]);
  std::vector<std::int64_t> places;
  for (const auto& [seq, row] : store_.outbox) {
    if (seq <= *std::ranges::max_element(acknowledged)) places.push_back(seq);
  }
  return removed(places);
}

Answer Session::backlog(Parameters given) {
  const auto count = std::min(static_cast<std::int64_t>(store_.outbox.size()), integer_of(*given[0]));
  const auto age = store_.outbox.empty() ? 0 : store_.world_.now - store_.outbox.begin()->second.created_at;
  return selected({{bytes_of(count), double_bytes(static_cast<double>(age) / second)}});
}

Answer Session::take(Parameters given) {
  transaction_id();
  lock("leases/" + *given[0]);
  const auto now = store_.world_.now;
  const auto found = store_.leases.find(*given[0]);
  LeaseRow row{*given[1], 1, now + integer_of(*given[2]) * millisecond};
  if (found != store_.leases.end()) {
    const auto& before = found->second;
    const bool is_ours = before.owner == row.owner;
    if (!is_ours && before.expires_at >= now) return {{}, "INSERT 0 0", "0"};
    row.term = is_ours ? before.term : before.term + 1;
  }
  leased_[*given[0]] = row;
  auto answer = inserted(1);
  answer.rows.push_back({bytes_of(row.term)});
  return answer;
}

Answer Session::release(Parameters given) {
  const auto found = store_.leases.find(*given[0]);
  if (found == store_.leases.end() || found->second.owner != *given[1]) return {{}, "UPDATE 0", "0"};
  transaction_id();
  lock("leases/" + *given[0]);
  if (found->second.owner != *given[1]) return {{}, "UPDATE 0", "0"};
  leased_[*given[0]] = found->second;
  leased_[*given[0]].expires_at = store_.world_.now;
  return {{}, "UPDATE 1", "1"};
}

}  // namespace holdfast::simulation
