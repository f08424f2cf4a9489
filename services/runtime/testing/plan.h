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
// EXECUTE of one that the session has prepared. It is executed.
template <class... Arguments>
Result<std::string> plan_of(sql::Transaction& transaction, const std::string& query, const Arguments&... arguments) {
  static std::set<std::string> kept;  // sessions keep the names of what they have prepared
  const auto& name = *kept.insert("explain." + std::to_string(std::hash<std::string>()(query))).first;
  const auto& text = *kept.insert("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) " + query).first;
  const sql::Statement statement{name.c_str(), text.c_str()};
  std::string plan;
  for (const auto& line : TRY((transaction.many<std::string>(statement, arguments...)))) plan += line + "\n";
  return plan;
}

// In a transaction of its own. Throws when PostgreSQL refuses it.
template <class... Arguments>
std::string plan_of(sql::Database& database, const Call& call, const std::string& query,
                    const Arguments&... arguments) {
  auto plan =
      database.transact(call, [&](sql::Transaction& transaction) { return plan_of(transaction, query, arguments...); });
  if (!plan) throw std::runtime_error(describe(plan.error()));
  return *std::move(plan);
}

}  // namespace holdfast::testing
