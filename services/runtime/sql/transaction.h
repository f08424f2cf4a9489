#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "runtime/core/call.h"
#include "runtime/sql/connection.h"

namespace holdfast::sql {

// Decides which rows row-level security shows: the caller's agency, or those of a sweep's slice.
using Agencies = std::vector<AgencyId>;
std::string join(const Agencies& agencies);  // as the setting app.agencies has them

// Of the transaction that has begun: the agencies it is shown, and in ms for how long the server works on a statement,
// and waits for one: a process that stands still (a host that is suspended, SIGSTOP) while its host answers for it
// would hold what it has locked for as long.
inline constexpr Statement set_context{
    "database.set_context",
    "SELECT set_config('app.agencies', $1, true), set_config('statement_timeout', $2, true), "
    "set_config('idle_in_transaction_session_timeout', $2, true)"};

// One transaction on one connection. Statements that ask for rows block for a round trip; `defer`red ones travel with
// the next that does, or with the commit. One thread; never outlives the body that `transact` runs.
//
// A read's first statement goes without BEGIN and COMMIT, unless something was deferred before it: what is sent up to a
// sync is a transaction by itself, and most reads are one statement, which then takes one round trip instead of two.
// The second begins a transaction for itself and all others. What is seen is the same: at READ COMMITTED each statement
// sees what is committed when it begins, in one transaction or in several. But a setting or a lock that the first
// leaves to its transaction ends with it: defer a setting, and take a lock in `transact`.
class Transaction {
 public:
  // What the session's owner has begun, or nothing at all.
  Transaction(Connection& connection, const Call& call) : connection_(connection), call_(call) {}
  // A read that has not begun. `context`: the agencies that it is shown, and statement_timeout.
  Transaction(Connection& connection, const Call& call, Parameters context)
      : connection_(connection), call_(call), context_(std::move(context)) {}
  Transaction(const Transaction&) = delete;

  // Exactly one row: its absence is our bug, as for INSERT … RETURNING.
  template <class R, class... A>
  Result<R> one(const Statement& statement, const A&... arguments) {
    auto row = TRY((maybe<R>(statement, arguments...)));
    if (!row) return fail(Reason::internal, std::string(statement.name) + ": no row");
    return *std::move(row);
  }

  template <class R, class... A>
  Result<std::optional<R>> maybe(const Statement& statement, const A&... arguments) {
    auto rows = TRY((many<R>(statement, arguments...)));
    if (rows.size() > 1) return fail(Reason::internal, std::string(statement.name) + ": more than one row");
    return rows.empty() ? std::nullopt : std::optional<R>(std::move(rows.front()));
  }

  template <class R, class... A>
  Result<std::vector<R>> many(const Statement& statement, const A&... arguments) {
    const auto& columns = columns_of<R>();
    const auto rows = TRY(run(statement, Parameters::of(arguments...), columns));
    std::vector<R> values;
    values.reserve(static_cast<size_t>(rows.size()));
    for (int row = 0; row < rows.size(); ++row) {
      size_t column = 0;
      R value{};
      if (!read(rows, row, column, value)) {
        return not_understood(statement, columns, column, rows.cell(row, static_cast<int>(column)));
      }
      values.push_back(std::move(value));
    }
    return values;
  }

  // How many rows were affected.
  template <class... A>
  Result<std::int64_t> exec(const Statement& statement, const A&... arguments) {
    return TRY(run(statement, Parameters::of(arguments...), {})).affected();
  }

  // For statements whose outcome nobody waits for: a failure surfaces at the next statement or at the commit.
  template <class... A>
  void defer(const Statement& statement, const A&... arguments) {
    begin();
    connection_.enqueue(statement, Parameters::of(arguments...), {});
  }

  // From here to the end of the transaction, row-level security shows these agencies instead. For sweeps across
  // agencies, which learn only from what they claim whose rows they will touch; deferred.
  void set_agencies(const Agencies& agencies);

  const Call& call() const { return call_; }
  AgencyId agency() const { return call_.who.agency; }
  Connection& connection() { return connection_; }
  // Whether a COMMIT is due.
  bool begun() const { return !context_; }

 private:
  void begin();
  Result<Rows> run(const Statement& statement, Parameters parameters, std::span<const Column> columns);

  template <class R>
  static const std::vector<Column>& columns_of() {
    static const std::vector<Column> columns = [] {
      std::vector<Column> list;
      append_columns<R>(list, "");
      return list;
    }();
    return columns;
  }

  // What a cell holds that our type cannot: a null, or what only a newer program knows. `column` stands on it then.
  static Error not_understood(const Statement& statement, const std::vector<Column>& columns, size_t column,
                              std::optional<std::string_view> cell);

  // Reads the T that begins at `column`, which moves behind it; false when the cell that it stands on then is not
  // understood.
  template <class T>
  static bool read(const Rows& rows, int row, size_t& column, T& value) {
    if constexpr (HasFields<T>) {
      bool understood = true;
      for_each_field(value,
                     [&](const char*, auto& member) { understood = understood && read(rows, row, column, member); });
      return understood;
    } else if constexpr (is_optional<T>::value) {
      const size_t after = column + columns_of<typename T::value_type>().size();
      if (!all_null(rows, row, column, after)) return read(rows, row, column, value.emplace());
      column = after;
      return true;
    } else {
      const auto cell = rows.cell(row, static_cast<int>(column));
      if (!cell) return false;
      auto decoded = Value<T>::decode(*cell);
      if (!decoded) return false;
      value = *std::move(decoded);
      ++column;
      return true;
    }
  }

  static bool all_null(const Rows& rows, int row, size_t first, size_t end);

  Connection& connection_;
  const Call& call_;
  std::optional<Parameters> context_;  // of a read that has not begun
  bool alone_sent_ = false;            // its first statement
};

}  // namespace holdfast::sql
