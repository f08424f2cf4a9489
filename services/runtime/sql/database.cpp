#include "runtime/sql/database.h"

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

namespace holdfast::sql {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr Statement begin_read_write{"database.begin", "BEGIN"};
constexpr Statement begin_read_only{"database.begin_read_only", "BEGIN READ ONLY"};
constexpr Statement set_context{
    "database.set_context", "SELECT set_config('app.agencies', $1, true), set_config('statement_timeout', $2, true)"};
constexpr Statement commit{"database.commit", "COMMIT"};

milliseconds time_left(const Call& call) {
  return std::chrono::duration_cast<milliseconds>(call.deadline - steady_clock::now());
}

// Between two attempts at a conflicting transaction: 1, 2, 4, 8 ms, half of it at random so that two do not meet again.
void back_off(int attempt) {
  thread_local std::minstd_rand random{std::random_device{}()};
  const int longest_us = 1000 << attempt;
  std::this_thread::sleep_for(
      std::chrono::microseconds(longest_us / 2 + static_cast<int>(random() % (longest_us / 2))));
}

Result<> end_with_commit(Connection& connection) {
  connection.enqueue(commit, Parameters(), {});
  const auto ended = TRY(connection.flush());
  // PostgreSQL answers COMMIT with ROLLBACK when a statement failed and somebody went on regardless.
  if (ended.command() != "COMMIT") return fail(Reason::internal, "committed after a failed statement");
  return {};
}

}  // namespace

// A connection outside the pool: however the work on it ends, also by an exception, what is not committed is rolled
// back, and the connection's place is free again.
class Database::Borrowed {
 public:
  Borrowed(Database& database, std::unique_ptr<Connection> connection)
      : database_(database), connection_(std::move(connection)) {}
  ~Borrowed() {
    connection_->roll_back();
    database_.release(std::move(connection_));
  }
  Borrowed(const Borrowed&) = delete;

  Connection& operator*() const { return *connection_; }

 private:
  Database& database_;
  std::unique_ptr<Connection> connection_;
};

Database::Database(Options options) : options_(std::move(options)) {}
Database::~Database() = default;

Result<> Database::run_attempts(const Call& call, const Agencies& agencies, Mode mode, const Attempt& attempt,
                                const std::function<bool()>& conflicted) {
  for (int number = 1;; ++number) {
    auto done = attempt_once(call, agencies, mode, attempt);
    const bool conflict = conflicted() || (!done && done.error().reason == Reason::write_conflict);
    if (!conflict || number == attempts) return done;
    back_off(number);
  }
}

Result<> Database::attempt_once(const Call& call, const Agencies& agencies, Mode mode, const Attempt& attempt) {
  const Borrowed borrowed(*this, TRY(acquire(call)));
  auto& connection = *borrowed;
  const auto timeout_ms = time_left(call).count();
  if (timeout_ms <= 0) return fail(Reason::deadline_exceeded, "the deadline passed before a connection was free");
  connection.work_until(call.deadline, call.stop);
  connection.enqueue(mode == Mode::read_only ? begin_read_only : begin_read_write, Parameters(), {});
  connection.enqueue(set_context, Parameters::of(join(agencies), std::to_string(timeout_ms)), {});

  Transaction transaction(connection, call);
  return attempt(transaction) ? end_with_commit(connection) : Result<>();
}

Result<std::unique_ptr<Connection>> Database::acquire(const Call& call) {
  std::unique_lock lock(mutex_);
  ++waiting_;
  const bool free = returned_.wait_until(lock, call.stop, call.deadline,
                                         [&] { return !idle_.empty() || open_ < options_.pool_size; });
  --waiting_;
  if (!free && call.stop.stop_requested()) return fail(Reason::cancelled, "the caller went away");
  if (!free) return fail(Reason::deadline_exceeded, "no database connection became free before the deadline");
  while (!idle_.empty()) {
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    if (connection->alive()) return connection;
    --open_;  // the server restarted while it lay idle
  }
  ++open_;
  lock.unlock();
  auto opened = Connection::open(options_.url, options_.constraints, call.deadline);
  if (!opened) {
    lock.lock();
    --open_;
    returned_.notify_one();
  }
  return opened;
}

void Database::release(std::unique_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  if (connection->broken()) {
    --open_;
  } else {
    idle_.push_back(std::move(connection));
  }
  returned_.notify_one();
}

PoolUse Database::pool_use() const {
  const std::lock_guard lock(mutex_);
  return {open_, static_cast<int>(idle_.size()), waiting_};
}

}  // namespace holdfast::sql
