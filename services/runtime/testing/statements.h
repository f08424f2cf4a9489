#pragma once

#include <span>
#include <string>
#include <vector>

#include "runtime/sql/migrate.h"
#include "runtime/sql/statement.h"

namespace holdfast::testing {

// The statements of one .sql file.
using Statements = std::span<const sql::Statement* const>;

// What PostgreSQL says to those statements that do not fit the schema which the migrations make: what is wrong fails
// here, and not only where somebody runs it. `files` is the `statements::all` of a folder.
std::vector<std::string> not_understood(std::span<const sql::Migrations> components, std::span<const Statements> files);

}  // namespace holdfast::testing
