#pragma once

#include <functional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "runtime/core/call.h"
#include "runtime/sql/database.h"

namespace holdfast::testing {

// How PostgreSQL went about a query, in its own words, a line each: a statement's text with its arguments, or an
// EXECUTE of one that the session has prepared. It is executed. Throws when PostgreSQL refuses it.
template <class... Arguments>
std::string plan_of(sql::Database& database, const Call& call, const std::string& query,
                    const Arguments&... arguments) {
  static std::set<std::string> kept;  // sessions keep the names of what they have prepared
  const auto& name = *kept.insert("explain." + std::to_string(std::hash<std::string>()(query))).first;
  const auto& text = *kept.insert("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) " + query).first;
  std::string plan;
  const auto explained = database.transact(call, [&](sql::Transaction& transaction) -> Result<> {
    const sql::Statement statement{name.c_str(), text.c_str()};
    for (const auto& line : TRY((transaction.many<std::string>(statement, arguments...)))) plan += line + "\n";
    return {};
  });
  if (!explained) throw std::runtime_error(describe(explained.error()));
  return plan;
}

}  // namespace holdfast::testing
