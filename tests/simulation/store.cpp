#include "store.h"

#include <algorithm>
#include <utility>

#include "statements.h"

namespace holdfast::simulation {

Answer selected(std::vector<Row> rows) {
  const auto count = std::to_string(rows.size());
  return {std::move(rows), "SELECT " + count, count};
}

Answer inserted(size_t count) { return {{}, "INSERT 0 " + std::to_string(count), std::to_string(count)}; }
Answer updated(size_t count) { return {{}, "UPDATE " + std::to_string(count), std::to_string(count)}; }
Answer deleted(size_t count) { return {{}, "DELETE " + std::to_string(count), std::to_string(count)}; }

void Store::crash() {
  if (world_.random.once_in(2)) {
    for (auto undo = undo_.rbegin(); undo != undo_.rend(); ++undo) exchange(tables, *undo);
  }
  undo_.clear();
}

bool Session::lock_at_once(const std::string& row) {
  transaction_id();
  const auto [holder, is_new] = store_.locks_.try_emplace(row, this);
  if (is_new) locked_.push_back(holder);
  return holder->second == this;
}

const Session* Session::holder_of(const std::string& row) const {
  const auto holder = store_.locks_.find(row);
  return holder == store_.locks_.end() ? nullptr : holder->second;
}

// A lock that is waited for longer than statement_timeout ends the statement, as a cancel does.
void Session::lock(const std::string& row) {
  const auto begun = now();
  const auto after = [begun](Nanoseconds timeout) { return timeout == never ? never : begun + timeout; };
  const auto given_up = after(lock_timeout), until = after(statement_timeout);
  while (!lock_at_once(row)) {
    if (cancelled_ || now() >= until) throw SqlError{"57014", "canceling statement"};
    if (now() >= given_up) throw SqlError{"55P03", "canceling statement due to lock timeout"};
    store_.world_.block(&store_.locks_, std::min({until, given_up, now() + second}));
  }
}

std::int64_t Session::transaction_id() {
  if (id_ == 0) {
    id_ = store_.next_transaction_++;
    store_.under_way_.insert(id_);
  }
  return id_;
}

void Session::end() {
  for (const auto& lock : locked_) store_.locks_.erase(lock);
  if (!locked_.empty()) store_.world_.wake(&store_.locks_);
  store_.under_way_.erase(id_);
  locked_.clear();
  if (!is_empty(written)) written = {};
  id_ = 0;
  begun_ = failed_ = cancelled_ = false;
  to_disk = true;
  statement_timeout = lock_timeout = idle_timeout = never;
}

// Everything at once.
void Session::apply() {
  if (is_empty(written)) return;
  for (const auto& [number, row] : written.outbox) {
    if (row) store_.all_committed.push_back(*row);
  }
  for (auto& [number, row] : written.effects) row->committed_at = now();
  for (auto& [number, row] : written.ledger) row->committed_at = now();
  exchange(store_.tables, written);
  if (to_disk) {
    store_.undo_.clear();  // the log is flushed up to here
  } else {
    store_.undo_.push_back(std::exchange(written, {}));
  }
}

// Which may be busy: who took his numbers first may be seen last.
void Session::wait_for_disk() {
  auto& world = store_.world_;
  world.let_pass(world.random.once_in(10) ? world.random.between(1, 100) * millisecond
                                          : world.random.between(100, 1000) * microsecond);
}

Answer Session::commit() {
  const bool is_done = !failed_;
  if (is_done && is_writing() && to_disk) wait_for_disk();
  if (is_done) apply();
  end();
  return {{}, is_done ? "COMMIT" : "ROLLBACK", ""};
}

Answer Session::commit_so_far() {
  const auto timeout = statement_timeout, idle = idle_timeout;
  auto answer = commit();
  begin();
  statement_timeout = timeout;
  idle_timeout = idle;
  return answer;
}

Answer Session::execute(const NamedStatement& statement, std::span<const Cell> parameters) {
  const auto& [name, what] = statement;
  const auto ends = [&] { return name == "database.commit" || name == "connection.rollback"; };
  if (failed_ && !ends()) throw SqlError{"25P02", "current transaction is aborted"};
  try {
    return what.run(*this, parameters);
  } catch (const SqlError&) {
    // What it wrote and held it lets go at once; only that it is over, the client has yet to say.
    const bool begun = begun_;
    end();
    begun_ = begun;
    failed_ = true;
    throw;
  }
}

}  // namespace holdfast::simulation
