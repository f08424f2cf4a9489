#include "runtime/sql/database.h"

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

#include "runtime/core/mutant.h"

namespace holdfast::sql {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr Statement begin_read_write{"database.begin", "BEGIN"};
constexpr Statement commit{"database.commit", "COMMIT"};
constexpr Statement do_not_flush{"database.do_not_flush", "SELECT set_config('synchronous_commit', 'off', true)"};

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

Result<> end_with_commit(Connection& connection, Mode mode) {
  if (mutant("sql.answered_before_commit")) connection.enqueue(do_not_flush, Parameters(), {});
  connection.enqueue(commit, Parameters(), {});
  auto ended = connection.flush();
  if (!ended && mode == Mode::read_write && !connection.outcome_known()) {
    return fail(Reason::outcome_unknown, "whether it was committed is not known; " + ended.error().message);
  }
  if (!ended) return std::move(ended).error();
  // PostgreSQL answers COMMIT with ROLLBACK when a statement failed and somebody went on regardless.
  if (ended->command() != "COMMIT") return fail(Reason::internal, "committed after a failed statement");
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

// A place in the pool, for a connection that is being opened: free again when there comes none, also by an exception.
class Database::Place {
 public:
  explicit Place(Database& database) : database_(database) {}
  ~Place() {
    if (!kept_) database_.free_place();
  }
  Place(const Place&) = delete;

  void keep() { kept_ = true; }

 private:
  Database& database_;
  bool kept_ = false;
};

// Ends what was given up, on a thread of its own: a server that cannot be reached holds up nobody else.
class Database::Canceller {
 public:
  // Any thread; does not block. With `most_waiting` already here, the session is only closed.
  void take(std::unique_ptr<Connection> connection) {
    const std::lock_guard lock(mutex_);
    if (given_up_.size() >= most_waiting) return;
    given_up_.push_back(std::move(connection));
    if (!thread_.joinable()) thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    came_.notify_one();
  }

 private:
  static constexpr size_t most_waiting = 64;

  void run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (came_.wait(lock, stop, [this] { return !given_up_.empty(); })) {
      const auto connection = std::move(given_up_.back());
      given_up_.pop_back();
      lock.unlock();
      connection->cancel();
      lock.lock();
    }
  }

  std::mutex mutex_;  // a leaf
  std::condition_variable_any came_;
  std::vector<std::unique_ptr<Connection>> given_up_;
  std::jthread thread_;  // last: uses all of the above
};

// What comes back to the pool comes in a destructor, where nothing may throw: there is a place for each.
Database::Database(Options options) : options_(std::move(options)), canceller_(std::make_unique<Canceller>()) {
  idle_.reserve(static_cast<size_t>(options_.pool_size));
}
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
  auto context = Parameters::of(join(agencies), std::to_string(timeout_ms));
  if (mode == Mode::read_only) {
    Transaction transaction(connection, call, std::move(context));
    return attempt(transaction) && transaction.begun() ? end_with_commit(connection, mode) : Result<>();
  }
  connection.enqueue(begin_read_write, Parameters(), {});
  connection.enqueue(set_context, std::move(context), {});
  Transaction transaction(connection, call);
  return attempt(transaction) ? end_with_commit(connection, mode) : Result<>();
}

Result<std::unique_ptr<Connection>> Database::acquire(const Call& call) {
  std::unique_lock lock(mutex_);
  if (!waiting_.empty() || !available()) CHECK_OK(wait_in_line(call, lock));
  auto connection = take_idle();
  if (!connection) ++open_;
  wake_next();  // several may have come back at once
  if (connection) return connection;
  lock.unlock();
  Place place(*this);
  auto opened = TRY(Connection::open(options_.url, options_.constraints, call.deadline, call.stop));
  place.keep();
  return opened;
}

void Database::free_place() {
  const std::lock_guard lock(mutex_);
  --open_;
  wake_next();
}

std::unique_ptr<Connection> Database::take_idle() {
  while (!idle_.empty()) {
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    if (connection->alive()) return connection;
    --open_;  // the server restarted while it lay idle
  }
  return nullptr;
}

// With success a connection is idle, or there is room for one, and the caller takes it before it lets go of the lock.
Result<> Database::wait_in_line(const Call& call, std::unique_lock<std::mutex>& lock) {
  const auto self = waiting_.emplace(waiting_.end());
  const bool ours =
      self->turn.wait_until(lock, call.stop, call.deadline, [&] { return self == waiting_.begin() && available(); });
  waiting_.erase(self);
  if (ours) return {};
  wake_next();
  if (call.stop.stop_requested()) return fail(Reason::cancelled, "the caller went away");
  return fail(Reason::deadline_exceeded, "no database connection became free before the deadline");
}

void Database::wake_next() {
  if (!waiting_.empty() && available()) waiting_.front().turn.notify_one();
}

void Database::release(std::unique_ptr<Connection> connection) {
  const bool given_up = connection->given_up();
  {
    const std::lock_guard lock(mutex_);
    if (connection->broken()) {
      --open_;
    } else {
      idle_.push_back(std::move(connection));
    }
    wake_next();
  }
  if (given_up) canceller_->take(std::move(connection));
}

PoolUse Database::pool_use() const {
  const std::lock_guard lock(mutex_);
  return {open_, static_cast<int>(idle_.size()), static_cast<int>(waiting_.size())};
}

}  // namespace holdfast::sql
