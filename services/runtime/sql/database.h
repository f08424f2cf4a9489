#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "runtime/core/call.h"
#include "runtime/sql/transaction.h"

namespace holdfast::sql {

enum class Mode { read_only, read_write };

struct PoolUse {
  int open;     // connections that exist
  int idle;     // of them, waiting for work
  int waiting;  // callers waiting for one
};

// A service's own database: a pool of connections and the only place where SQL is retried. Any thread; calls block, and
// who waits for a connection first has it first.
class Database {
 public:
  struct Options {
    std::string url;     // libpq conninfo of the app role
    int pool_size = 16;  // connections at most
    std::span<const ConstraintReason> constraints;
  };

  explicit Database(Options options);
  ~Database();

  // Runs `body(Transaction&) -> Result<T>` and commits when it succeeds. Serialization failures and deadlocks run the
  // whole body again (at most `attempts` times), so it must have no effect outside the transaction. When the connection
  // is lost at the commit, or does not answer it in time, the caller is told OUTCOME_UNKNOWN.
  template <class Body>
  auto transact(const Call& call, Body body) -> std::invoke_result_t<Body, Transaction&> {
    return run(call, {call.who.agency}, Mode::read_write, body);
  }

  // The same for the agencies of a slice of timers or events.
  template <class Body>
  auto transact_for(const Call& call, Agencies agencies, Body body) -> std::invoke_result_t<Body, Transaction&> {
    return run(call, std::move(agencies), Mode::read_write, body);
  }

  template <class Body>
  auto read(const Call& call, Body body) -> std::invoke_result_t<Body, Transaction&> {
    return run(call, {call.who.agency}, Mode::read_only, body);
  }

  PoolUse pool_use() const;
  const Options& options() const { return options_; }

  static constexpr int attempts = 5;

 private:
  using Attempt = std::function<bool(Transaction&)>;  // true: commit

  template <class Body>
  auto run(const Call& call, Agencies agencies, Mode mode, Body& body) -> std::invoke_result_t<Body, Transaction&> {
    std::optional<std::invoke_result_t<Body, Transaction&>> outcome;
    const Attempt attempt = [&](Transaction& transaction) {
      outcome.emplace(body(transaction));
      return outcome->has_value();
    };
    const auto retry = [&] { return outcome && !*outcome && outcome->error().reason == Reason::write_conflict; };
    if (auto done = run_attempts(call, agencies, mode, attempt, retry); !done) return std::move(done).error();
    return *std::move(outcome);
  }

  Result<> run_attempts(const Call& call, const Agencies& agencies, Mode mode, const Attempt& attempt,
                        const std::function<bool()>& conflicted);
  Result<> attempt_once(const Call& call, const Agencies& agencies, Mode mode, const Attempt& attempt);
  class Borrowed;
  class Place;
  class Canceller;
  struct Waiter {
    std::condition_variable_any turn;
  };
  Result<std::unique_ptr<Connection>> acquire(const Call& call);
  void release(std::unique_ptr<Connection> connection);
  bool available() const { return !idle_.empty() || open_ < options_.pool_size; }
  Result<> wait_in_line(const Call& call, std::unique_lock<std::mutex>& lock);
  std::unique_ptr<Connection> take_idle();
  void free_place();
  void wake_next();

  Options options_;
  mutable std::mutex mutex_;   // a leaf: guards the three below
  std::list<Waiter> waiting_;  // in the order of their coming
  std::vector<std::unique_ptr<Connection>> idle_;
  int open_ = 0;
  std::unique_ptr<Canceller> canceller_;
};

}  // namespace holdfast::sql
