#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "store.h"
#include "values.h"

namespace holdfast::simulation {

// PostgreSQL's own numbers of types (pg_type.dat).
namespace types {
constexpr unsigned bytea = 17, int8 = 20, int4 = 23, text = 25, tid = 27, float8 = 701, timestamptz = 1184, uuid = 2950;
constexpr unsigned bytea_array = 1001, int4_array = 1007, text_array = 1009, tid_array = 1010, int8_array = 1016;
constexpr unsigned timestamptz_array = 1185, uuid_array = 2951;
}  // namespace types

using Parameters = std::span<const Cell>;

// What PostgreSQL knows of a prepared statement, and what it does with it.
struct Statement {
  std::vector<unsigned> parameters;
  std::vector<std::pair<std::string, unsigned>> columns;
  Answer (*run)(Session&, Parameters);
};

// By the names that the runtime gives them.
struct HashName {
  using is_transparent = void;
  size_t operator()(std::string_view name) const { return std::hash<std::string_view>()(name); }
};
using Statements = std::unordered_map<std::string, Statement, HashName, std::equal_to<>>;
const Statements& statements();
// Ends the program if there is none.
const NamedStatement& statement_named(std::string_view name);

void add_transaction_statements(Statements& all);
void add_outbox_statements(Statements& all);
void add_inbox_statements(Statements& all);
void add_timer_statements(Statements& all);
void add_contract_statements(Statements& all);
void add_webhook_statements(Statements& all);
// Those of the scenarios themselves.
void add_scenario_statements(Statements& all);

}  // namespace holdfast::simulation
