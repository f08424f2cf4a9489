#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "runtime/core/call.h"
#include "runtime/core/result.h"
#include "runtime/operations/subject.h"
#include "runtime/sql/statement.h"

namespace holdfast::operations {

// What came of one invariant.
struct Verdict {
  std::string name;  // "streams-without-gaps"
  bool holds = false;
  std::string detail;  // what was looked at, and what is wrong
};

// Work in motion may look wrong for a moment: what does not hold is looked at again, `looks` times at most.
struct Looks {
  int looks = 6;
  std::chrono::milliseconds pause{500};
};

// Checks what must hold at any moment for a service: schema runtime's invariants (operations/invariants.sql), that its
// timers fire, and its own: statements without parameters that answer one row (what, looked_at, wrong, example). Those
// see the agencies of a slice at a time, all of them in turn, through row-level security. `runtime.business_now()` is
// what is due by. Blocks for PostgreSQL; the cost is that of reading what is checked.
Result<std::vector<Verdict>> verify(const Subject& subject, const Call& call, Looks looks = {});

// One of a service's own.
Result<Verdict> check(sql::Database& database, const Call& call, const sql::Statement& invariant, Looks looks = {});

}  // namespace holdfast::operations
