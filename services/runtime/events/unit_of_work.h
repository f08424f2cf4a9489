#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/core/clock.h"
#include "runtime/events/due_times.h"
#include "runtime/events/event.h"
#include "runtime/events/outbox.h"
#include "runtime/sql/database.h"

namespace holdfast::events {

// What keeps copies by key: a cache, as far as a unit of work knows it.
class KeepsCopies {
 public:
  virtual ~KeepsCopies() = default;
  // Once it is committed. All keys at once, for each may cost a round trip otherwise.
  virtual void drop(const std::vector<std::string>& keys) = 0;
};

// Everything that happens together or not at all: rows, events, and what is done once they are committed. Commands,
// reactions to events and timers all hand one to the same verbs.
class UnitOfWork {
 public:
  UnitOfWork(sql::Transaction& transaction, Instant now) : transaction(transaction), now(now) {}
  UnitOfWork(const UnitOfWork&) = delete;

  const Call& call() const { return transaction.call(); }
  AgencyId agency() const { return transaction.agency(); }

  // A fact goes out as the event that its Fields name, in this order, when the transaction commits. `effective_at` is
  // when it became true, which for something caught up on lies before now.
  template <HasFields Fact>
  void publish(const Fact& fact) {
    publish(fact, now);
  }
  template <HasFields Fact>
  void publish(const Fact& fact, Instant effective_at) {
    published.push_back(encode(fact, agency(), effective_at));
  }

  // What a part of this transaction published, set and wants done: behind what was so far.
  void take(UnitOfWork& part);
  // Queues what is written last, so that all take these rows in one order: timers, then the events, with their streams'
  // counters. Nothing is locked after it.
  Result<> write_last();

  sql::Transaction& transaction;
  const Instant now;  // by the business clock (a timer's: its kind's), read once: nothing here happens at two times
  std::vector<Event> published;
  DueTimes due;  // timers::Timers::set
  // What is done once it is committed, such as what was claimed here. A throw is logged: the commit stands.
  std::vector<std::function<void()>> after_commit;
  // The same also when the caller is told OUTCOME_UNKNOWN, for what does no harm if nothing was committed: dropping a
  // cache key, waking who looks. Nobody repeats it: whoever runs the command again finds it done. A process that dies
  // at its commit does neither, and costs what the hint would have saved: a cached value's time to live, the next look.
  std::vector<std::function<void()>> hints;
  // Another hint for each that keeps copies: the keys of all parts of this transaction, each once. They outlive this.
  std::map<KeepsCopies*, std::vector<std::string>> drops;
};

namespace detail {

void run_guarded(const std::vector<std::function<void()>>& actions);

}  // namespace detail

// Runs units of work on a service's database. Any thread; blocks.
class Transactor {
 public:
  Transactor(sql::Database& database, Outbox& outbox, const Clock& business_clock)
      : database_(database), outbox_(outbox), clock_(business_clock) {}

  // `body(UnitOfWork&) -> Result<T>`; it may run again after a serialization failure, so it touches nothing else.
  template <class Body>
  auto run(const Call& call, Body body) -> std::invoke_result_t<Body, UnitOfWork&> {
    return run_for(call, {call.who.agency}, std::move(body));
  }

  template <class Body>
  auto run_for(const Call& call, sql::Agencies agencies, Body body) -> std::invoke_result_t<Body, UnitOfWork&> {
    using Outcome = std::invoke_result_t<Body, UnitOfWork&>;
    std::vector<std::function<void()>> after_commit, hints;
    bool published = false;
    auto outcome = database_.transact_for(call, std::move(agencies), [&](sql::Transaction& transaction) -> Outcome {
      UnitOfWork unit(transaction, clock_.now());
      auto result = body(unit);
      if (!result) return result;
      CHECK_OK(unit.write_last());
      published = !unit.published.empty();
      after_commit = std::move(unit.after_commit);
      hints = std::move(unit.hints);
      return result;
    });
    if (outcome) detail::run_guarded(after_commit);
    if (!outcome && outcome.error().reason != Reason::outcome_unknown) return outcome;
    detail::run_guarded(hints);
    if (published) outbox_.wake();
    return outcome;
  }

  sql::Database& database() { return database_; }
  const Clock& clock() const { return clock_; }

 private:
  sql::Database& database_;
  Outbox& outbox_;
  const Clock& clock_;
};

}  // namespace holdfast::events
