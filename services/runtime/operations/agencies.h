#pragma once

#include <vector>

#include "runtime/core/call.h"
#include "runtime/core/result.h"
#include "runtime/core/uuid.h"
#include "runtime/sql/database.h"

namespace holdfast::operations {

// The next agencies of which a service's database has anything, from behind `place` on, at most 100; none after the
// last. Blocks for PostgreSQL.
Result<std::vector<AgencyId>> agencies_behind(sql::Database& database, const Call& call, AgencyId place);

}  // namespace holdfast::operations
