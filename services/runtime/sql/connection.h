#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "runtime/core/result.h"
#include "runtime/sql/parameters.h"
#include "runtime/sql/statement.h"

struct pg_conn;
struct pg_result;

namespace holdfast::sql {

// The name of a database constraint, and what its violation means to the caller.
struct ConstraintReason {
  std::string_view constraint;
  Reason reason;
  std::string_view field;  // the field at fault, or empty
};

// The rows that one statement returned.
class Rows {
 public:
  explicit Rows(pg_result* result);

  int size() const;
  int columns() const;
  std::int64_t affected() const;
  std::string_view command() const;  // the command's tag, such as "COMMIT"
  std::optional<std::string_view> cell(int row, int column) const;

 private:
  std::shared_ptr<pg_result> result_;
};

// One session with PostgreSQL, always in libpq's pipeline mode: statements are queued by `enqueue` and travel together
// at the next `flush`, which blocks for one round trip. One thread at a time.
class Connection {
 public:
  static Result<std::unique_ptr<Connection>> open(const std::string& conninfo,
                                                  std::span<const ConstraintReason> constraints);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Queues a statement. The first time in this session it is prepared and described on the way, and the types of its
  // parameters and the names and types of its columns are compared with ours: a difference is our bug and fails the
  // flush. After `pipeline_limit` statements it flushes by itself: libpq could otherwise block for ever on two full
  // socket buffers.
  void enqueue(const Statement& statement, const Parameters& parameters, std::span<const Column> columns);
  // Sends all that is queued and waits. The rows of the last statement, or the first failure of any of them; after a
  // failure the server has skipped what was queued behind it.
  Result<Rows> flush();

  // Runs SQL text of any number of statements at once, outside pipeline mode: migrations and set-up.
  Result<> run_script(const std::string& script);
  // COPY … FROM STDIN in its text format. `lines` is one chunk of any size.
  Result<> copy_in(const std::string& copy_statement, std::string_view lines);

  // Prepares a statement without running it; fails when the server does not understand it.
  Result<> prepare(const Statement& statement);

  // Ends whatever is under way without a trace: what is queued, a failure not yet reported, the transaction. A session
  // that cannot is broken from then on.
  void roll_back();

  bool broken() const;
  // Notices, without a round trip, that the server has gone away while the connection lay idle.
  bool alive();

  static constexpr size_t pipeline_limit = 128;

 private:
  enum class Step { prepare, describe, execute };
  struct Queued {
    Step step;
    const char* statement;
    std::vector<TypeOid> parameters;  // what we expect; only for `describe`
    std::vector<Column> columns;
  };

  Connection(pg_conn* connection, std::span<const ConstraintReason> constraints);
  Error failure(const pg_result* result, const char* statement) const;
  Error lost() const;
  bool in_transaction() const;
  bool queue_preparation(const Statement& statement);
  Result<> read_result(const Queued& queued, std::optional<Rows>& last);
  static Result<> compare_types(const Queued& queued, const pg_result* result);
  Result<> leave_pipeline();
  Result<> run(const std::string& script);

  pg_conn* connection_;
  std::span<const ConstraintReason> constraints_;
  std::unordered_set<std::string_view> prepared_;  // by name: a literal may have several addresses
  std::vector<Queued> queued_;                     // sent but not yet read
  std::optional<Error> early_failure_;
  bool stuck_ = false;  // a transaction that would not end
};

}  // namespace holdfast::sql
