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

// One transaction on one connection. Statements that ask for rows block for a round trip; `defer`red ones travel with
// the next that does, or with the commit. One thread; never outlives the body that `transact` runs.
class Transaction {
 public:
  Transaction(Connection& connection, const Call& call) : connection_(connection), call_(call) {}
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
    const auto rows = TRY(run(statement, Parameters::of(arguments...), columns_of<R>()));
    std::vector<R> values;
    values.reserve(static_cast<size_t>(rows.size()));
    for (int index = 0; index < rows.size(); ++index) {
      int column = 0;
      values.push_back(read<R>(rows, index, column));
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
    connection_.enqueue(statement, Parameters::of(arguments...), {});
  }

  // From here to the end of the transaction, row-level security shows these agencies instead. For sweeps across
  // agencies, which learn only from what they claim whose rows they will touch; deferred.
  void set_agencies(const Agencies& agencies);

  const Call& call() const { return call_; }
  AgencyId agency() const { return call_.who.agency; }
  Connection& connection() { return connection_; }

 private:
  Result<Rows> run(const Statement& statement, const Parameters& parameters, std::span<const Column> columns);

  template <class R>
  static const std::vector<Column>& columns_of() {
    static const std::vector<Column> columns = [] {
      std::vector<Column> list;
      append_columns<R>(list, "");
      return list;
    }();
    return columns;
  }

  template <class T>
  static T read(const Rows& rows, int row, int& column) {
    if constexpr (HasFields<T>) {
      T value;
      for_each_field(value, [&]<class M>(const char*, M& member) { member = read<M>(rows, row, column); });
      return value;
    } else if constexpr (is_optional<T>::value) {
      using Inner = typename T::value_type;
      int after = column;
      Inner value = read<Inner>(rows, row, after);
      const bool present = rows.cell(row, column).has_value();
      column = after;
      return present ? T(std::move(value)) : T();
    } else {
      // A null in a column that our type says cannot be null reads as the type's empty value.
      return Value<T>::decode(rows.cell(row, column++).value_or(std::string_view()));
    }
  }

  Connection& connection_;
  const Call& call_;
};

}  // namespace holdfast::sql
