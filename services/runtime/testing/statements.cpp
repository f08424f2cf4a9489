#include "runtime/testing/statements.h"

#include "runtime/sql/connection.h"
#include "runtime/testing/temp_database.h"

namespace holdfast::testing {

std::vector<std::string> not_understood(std::span<const sql::Migrations> components,
                                        std::span<const Statements> files) {
  const TempDatabase temporary{components};
  const auto connection = sql::Connection::open(temporary.url(), {});
  if (!connection) return {describe(connection.error())};
  std::vector<std::string> complaints;
  for (const auto& statements : files) {
    for (const auto* statement : statements) {
      const auto prepared = (*connection)->prepare(*statement);
      if (!prepared) complaints.push_back(std::string(statement->name) + ": " + describe(prepared.error()));
    }
  }
  return complaints;
}

}  // namespace holdfast::testing
