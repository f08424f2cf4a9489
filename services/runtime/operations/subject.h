#pragma once

#include <span>
#include <string>

#include "runtime/sql/statement.h"

namespace holdfast::sql {
class Database;
}
namespace holdfast::events {
class Consumer;
class Relay;
}  // namespace holdfast::events
namespace holdfast::timers {
class Timers;
}

namespace holdfast::operations {

using Invariants = std::span<const sql::Statement* const>;

// A service of this process as those see it who run it. What it names outlives every call.
struct Subject {
  std::string name;
  sql::Database& database;
  events::Relay& relay;
  events::Consumer& consumer;
  timers::Timers* business_timers = nullptr;  // where it has any
  timers::Timers* system_timers = nullptr;
  Invariants invariants;  // its own store/invariants.sql; see invariants.h
};

}  // namespace holdfast::operations
