#pragma once

#include <span>
#include <string>
#include <string_view>

#include "runtime/core/result.h"

namespace holdfast::sql {

class Database;

// One file of a migrations/ folder, embedded at build time, in order of its number.
struct Migration {
  std::string_view name;  // "0001_tickets"
  std::string_view text;
};

// The migrations of one owner: a service's own, or the runtime's.
struct Migrations {
  std::string_view component;  // "tickets", "runtime"
  std::span<const Migration> list;
};

// Whether nothing is left to `migrate`: the history is exactly ours and all tables are guarded. Asked as the app role:
// a start that has nothing to do takes neither the owner's session nor the lock that others wait for, and writes
// nothing. False also when the app role may not look, since nothing was ever migrated for it. Blocks for 10 s at most.
Result<bool> is_migrated(Database& database, std::span<const Migrations> components);

// Brings a database up to date as its owner role, forward only; processes that start together wait for one another.
// Refuses a history that was edited (a checksum differs), and a table of `public` that has an agency_id but no
// row-level security, enabled, forced and with a policy (runtime.guard_by_agency). A history that is newer than this
// program it accepts: in the middle of a rollout an old replica starts again, on a schema that has only been expanded.
// Afterwards `app_role` may read and write all tables, and nothing else. Blocks, as long as the migrations take.
Result<> migrate(const std::string& owner_url, const std::string& app_role, std::span<const Migrations> components);

}  // namespace holdfast::sql
