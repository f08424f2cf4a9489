#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/core/call.h"
#include "runtime/events/event.h"
#include "runtime/events/unit_of_work.h"

namespace holdfast::events {

// Answers "done" by success, and otherwise by the error's own retry advice: one that may pass is tried again, any other
// is poison.
using Handler = std::function<Result<>(UnitOfWork&, const Event&)>;

// Asked once when a handler has failed, outside of any transaction: if what the handler did not know could be learned
// (from its owner), the handler is tried again at once, with its whole time. An error of its own takes the place of the
// handler's; that the owner did not answer in time is no fault of the event's: DEPENDENCY_UNAVAILABLE.
using Learn = std::function<Result<bool>(const Call&, const Event&, const Error&)>;

struct Registered {
  std::string name;  // the inbox key
  std::string type;  // empty: every event
  Handler handler;
  Learn learn;

  bool wants(const Event& event) const { return type.empty() || type == event.type; }
};

// What came of all dead letters of a handler and topic.
struct Redriven {
  std::int64_t redriven = 0;
  std::int64_t refused = 0;  // tried, and dead letters still
  std::int64_t left = 0;     // not tried: there was no time for them
  std::optional<Error> first_refusal = std::nullopt;
};

// A service's handlers, and what becomes of the events that they are given, in its database: the inbox row, what the
// handler wrote and the events it published are one transaction, and each event has its effect once a handler.
//
// After `add`, any thread; blocks for PostgreSQL.
class Handlers {
 public:
  Handlers(Transactor& transactor, std::string group, std::chrono::milliseconds timeout);

  void add(Registered registered) { list_.push_back(std::move(registered)); }
  const std::vector<Registered>& list() const { return list_; }
  Result<const Registered*> find(const std::string& name) const;

  // All events to all that want them, in order, in one transaction: with the first failure nothing has happened. Each
  // handler sees its event's agency, and works under its event's call. Nobody is asked to learn. It gives way to
  // whoever holds a row that it needs for longer than 100 ms: it holds many itself.
  Result<> give_all(std::span<const Event* const> events);
  // One event to one handler, in a transaction of its own.
  Result<> give(const Registered& registered, const Event& event);
  // Sets the event aside for this handler, with a copy for <topic>.dlq; false if it was handled or set aside before.
  Result<bool> bury(const Registered& registered, const Event& event, const Error& error);
  // As Consumer::redrive.
  Result<> redrive(const std::string& name, Uuid event_id, std::optional<AgencyId> agency);
  // As Consumer::redrive_all.
  Result<Redriven> redrive_all(const std::string& name, const std::string& topic, std::optional<AgencyId> agency,
                               Deadline until);

 private:
  struct Given {
    const Registered* to;
    const Event* event;
  };
  // Takes the event for its handler, in the handler's transaction; false: there is nothing to do.
  using Claim = Result<bool> (*)(sql::Transaction& transaction, const std::string& handler, Uuid event_id);

  Result<> attempt(const Registered& registered, const Event& event, Claim claim);
  Result<> attempt_once(const Registered& registered, const Event& event, Claim claim, const Call& call);
  Result<std::int64_t> unpark(const std::vector<Uuid>& event_ids);
  Result<> give_each(UnitOfWork& whole, const std::vector<Given>& wanted);
  Deadline deadline() const { return std::chrono::steady_clock::now() + timeout_; }

  Transactor& transactor_;
  const std::string group_;
  const std::chrono::milliseconds timeout_;
  std::vector<Registered> list_;
};

}  // namespace holdfast::events
