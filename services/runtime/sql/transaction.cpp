#include "runtime/sql/transaction.h"

namespace holdfast::sql {
namespace {

constexpr Statement set_agencies_shown{"transaction.set_agencies", "SELECT set_config('app.agencies', $1, true)"};

}  // namespace

std::string join(const Agencies& agencies) {
  std::string text;
  for (const auto& agency : agencies) {
    if (!text.empty()) text += ',';
    text += to_string(agency);
  }
  return text;
}

void Transaction::set_agencies(const Agencies& agencies) { defer(set_agencies_shown, join(agencies)); }

Result<Rows> Transaction::run(const Statement& statement, const Parameters& parameters,
                              std::span<const Column> columns) {
  connection_.enqueue(statement, parameters, columns);
  return connection_.flush();
}

}  // namespace holdfast::sql
