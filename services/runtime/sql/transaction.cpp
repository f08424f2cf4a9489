#include "runtime/sql/transaction.h"

namespace holdfast::sql {
namespace {

constexpr Statement set_agencies_shown{"transaction.set_agencies", "SELECT set_config('app.agencies', $1, true)"};
constexpr Statement begin_read_only{"database.begin_read_only", "BEGIN READ ONLY"};
constexpr Statement prepare_one_read{"database.prepare_one_read",
                                     "SELECT set_config('app.agencies', $1, true), set_config('statement_timeout', $2, "
                                     "true), set_config('transaction_read_only', 'on', true)"};

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

Error Transaction::not_understood(const Statement& statement, const std::vector<Column>& columns, size_t column,
                                  std::optional<std::string_view> cell) {
  auto message = std::string(statement.name) + ": column " + std::to_string(column + 1);
  if (!columns[column].name.empty()) message += " (" + columns[column].name + ")";
  if (!cell) return fail(Reason::internal, message + " is null");
  return fail(Reason::newer_than_program, message + " holds what this program does not know");
}

bool Transaction::all_null(const Rows& rows, int row, size_t first, size_t end) {
  for (size_t column = first; column < end; ++column) {
    if (rows.cell(row, static_cast<int>(column))) return false;
  }
  return true;
}

void Transaction::begin() {
  if (!context_) return;
  connection_.enqueue(begin_read_only, Parameters(), {});
  connection_.enqueue(set_context, *std::exchange(context_, std::nullopt), {});
}

Result<Rows> Transaction::run(const Statement& statement, Parameters parameters, std::span<const Column> columns) {
  if (context_ && !std::exchange(alone_sent_, true)) {
    connection_.enqueue(prepare_one_read, *context_, {});
  } else {
    begin();
  }
  connection_.enqueue(statement, std::move(parameters), columns);
  return connection_.flush();
}

}  // namespace holdfast::sql
