#pragma once

#include <chrono>
#include <string>

#include "runtime/core/result.h"
#include "runtime/core/uuid.h"

namespace holdfast::sql {
class Database;
class Transaction;
}  // namespace holdfast::sql

namespace holdfast::events {

// The right to do what one process at a time may do (relay a service's outbox).
//
// A lease is a row with an owner, a term and an expiry by the database's clock; processes' clocks are never compared.
// An owner renews it every third of its length and trusts it, by its own monotonic clock, until two thirds after the
// moment it *asked* for the renewal: so it stops before another may start, even if the answer was slow. A process that
// was stopped (SIGSTOP, a long page fault) and wakes after that still believes in it for one step; therefore whoever
// must not act twice also calls `confirm` in the transaction that acts, which fails when the term has moved on.
// One thread.
class Lease {
 public:
  Lease(sql::Database& database, std::string name, std::chrono::milliseconds length);
  // Gives the lease back when it is still ours, so that another process need not wait for the expiry; at most a second.
  ~Lease();

  // Takes or renews the lease when it is time to; whether it is ours now. Blocks for a round trip at most.
  bool hold();
  Result<> confirm(sql::Transaction& transaction) const;
  std::int64_t term() const { return term_; }
  // Whether the database answered when it was last asked.
  bool answered() const { return answered_; }

 private:
  using Clock = std::chrono::steady_clock;

  sql::Database& database_;
  const std::string name_;
  const std::chrono::milliseconds length_;
  const Uuid owner_ = new_uuid();
  std::int64_t term_ = 0;
  bool answered_ = true;
  Clock::time_point asked_at_ = Clock::time_point::min();
  Clock::time_point trusted_until_ = Clock::time_point::min();
};

}  // namespace holdfast::events
