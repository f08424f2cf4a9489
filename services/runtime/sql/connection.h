#pragma once

#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/core/call.h"
#include "runtime/core/result.h"
#include "runtime/sql/parameters.h"
#include "runtime/sql/patience.h"
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
//
// What a peer that is gone does not answer is given up: after `open_limit` while a session is opened; at the deadline
// of `work_until`, or when it is stopped, and `Patience::grace` more, for an answer. Before a deadline is set, and for
// scripts, the network's own limits hold (keepalives, TCP_USER_TIMEOUT: about 15 s without a sign of life), and a
// server that works may take long.
class Connection {
 public:
  // Blocks until the session is open, it is stopped, the deadline passes or `open_limit` does; resolving the host's
  // name is not bounded by them.
  static Result<std::unique_ptr<Connection>> open(const std::string& conninfo,
                                                  std::span<const ConstraintReason> constraints,
                                                  Deadline deadline = Deadline::max(), std::stop_token stop = {});
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Until when, from here on, anything is begun or waited for, and what stops it before: the deadline is then at once,
  // also for an answer that is being waited for. Past the deadline nothing is sent any more; an answer that has not
  // come `Patience::grace` after it leaves the session broken.
  void work_until(Deadline deadline, std::stop_token stop);

  // Queues a statement, to be sent at the next flush. The first time in this session it is prepared and described on
  // the way, and the types of its parameters and the names and types of its columns are compared with ours: a
  // difference is our bug and fails the flush. After `pipeline_limit` statements it flushes by itself, which bounds the
  // memory. `columns` must live as long as the program; a use with others is compared anew. Two statements of one name
  // end the process.
  void enqueue(const Statement& statement, Parameters parameters, std::span<const Column> columns);
  // Sends all that is queued and waits. The rows of the last statement, or the first failure of any of them; after a
  // failure the server has skipped what was queued behind it.
  Result<Rows> flush();

  // After a flush that failed: whether PostgreSQL has said what became of all that was sent. If not, it may have been
  // done, or may still be.
  bool outcome_known() const { return outcome_known_; }

  // Runs SQL text of any number of statements at once, outside pipeline mode: migrations and set-up.
  Result<> run_script(const std::string& script);
  // COPY … FROM STDIN in its text format. `lines` is one chunk of any size.
  Result<> copy_in(const std::string& copy_statement, std::string_view lines);

  // Prepares a statement without running it; fails when the server does not understand it.
  Result<> prepare(const Statement& statement);

  // Ends whatever is under way without a trace: drops what is queued, which was not sent, and a failure not yet
  // reported; rolls the transaction back. A session that cannot, within `roll_back_patience`, is broken from then on.
  void roll_back();

  bool broken() const;
  // The session is broken because we no longer waited for it; the server may work on.
  bool given_up() const { return given_up_; }
  // Asks the server, over a connection made for it, to end what was given up, which otherwise goes on and keeps its
  // locks. Blocks until it was asked; when it cannot be reached, for as long as the network's own limits say.
  void cancel();
  // Notices, without a round trip, that the server has gone away while the connection lay idle.
  bool alive();

  static constexpr size_t pipeline_limit = 128;
  static constexpr std::chrono::milliseconds open_limit{10'000};
  static constexpr std::chrono::milliseconds roll_back_patience{1'000};

 private:
  using ResultHolder = std::unique_ptr<pg_result, void (*)(pg_result*)>;

  enum class Step { prepare, describe, execute };
  struct Queued {
    Statement statement;
    Parameters parameters;
    std::span<const Column> columns;
    bool only_prepare = false;
  };
  struct Sent {
    Step step;
    const Queued* of;
  };
  // What the server knows by a name, and which of our types it was last compared with, if any.
  struct Prepared {
    const char* text;
    std::optional<std::vector<TypeOid>> parameters;
    const Column* columns = nullptr;
  };

  Connection(pg_conn* connection, std::span<const ConstraintReason> constraints);
  Result<> complete_opening(Deadline deadline, std::stop_token stop);
  Error failure(const pg_result* result, const char* statement) const;
  Error lost() const;
  bool in_transaction() const;
  Result<std::optional<Rows>> exchange_queue();
  bool send(const Queued& queued, std::vector<Sent>& sent);
  Result<> read_result(const Sent& sent, std::optional<Rows>& last);
  Result<ResultHolder> next_result();
  bool wait_for(short events);
  static Result<> compare_types(const Queued& queued, const pg_result* result);
  void forget(const Sent& sent);
  Result<> leave_pipeline();
  Result<> run(const std::string& script);

  pg_conn* connection_;
  std::span<const ConstraintReason> constraints_;
  Patience patience_;
  std::unordered_map<std::string_view, Prepared> prepared_;
  std::vector<Queued> queued_;  // not yet sent
  std::optional<Error> early_failure_;
  bool outcome_known_ = true;
  bool given_up_ = false;  // an answer was not waited for, or a transaction would not end
};

}  // namespace holdfast::sql
