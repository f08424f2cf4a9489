#include "runtime/sql/connection.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>

namespace holdfast::sql {
namespace {

using ResultHolder = std::unique_ptr<PGresult, decltype(&PQclear)>;

ResultHolder next_result(PGconn* connection) { return ResultHolder(PQgetResult(connection), &PQclear); }

std::string_view field_of(const PGresult* result, int field) {
  const char* text = PQresultErrorField(result, field);
  return text ? text : "";
}

// What a SQLSTATE means to whoever waits for the answer. Constraint violations are told apart by name before this.
Reason reason_of(std::string_view state) {
  if (state == "40001" || state == "40P01") return Reason::write_conflict;
  if (state == "55P03") return Reason::write_conflict;     // lock_timeout, which only sweeps set: they give way
  if (state == "57014") return Reason::deadline_exceeded;  // statement_timeout, which we set from the deadline
  if (state == "23505") return Reason::already_exists;
  if (state.starts_with("08") || state.starts_with("53") || state.starts_with("57P") || state.empty()) {
    return Reason::database_unavailable;
  }
  return Reason::internal;
}

constexpr int binary_format = 1;

}  // namespace

Rows::Rows(pg_result* result) : result_(result, &PQclear) {}
int Rows::size() const { return PQntuples(result_.get()); }
int Rows::columns() const { return PQnfields(result_.get()); }

std::int64_t Rows::affected() const {
  const char* count = PQcmdTuples(result_.get());
  return *count == '\0' ? 0 : std::stoll(count);
}

std::string_view Rows::command() const { return PQcmdStatus(result_.get()); }

std::optional<std::string_view> Rows::cell(int row, int column) const {
  if (PQgetisnull(result_.get(), row, column)) return std::nullopt;
  return std::string_view(PQgetvalue(result_.get(), row, column),
                          static_cast<size_t>(PQgetlength(result_.get(), row, column)));
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& conninfo,
                                                     std::span<const ConstraintReason> constraints) {
  PGconn* connection = PQconnectdb(conninfo.c_str());
  std::unique_ptr<Connection> opened(new Connection(connection, constraints));
  if (PQstatus(connection) != CONNECTION_OK) return opened->lost();
  if (PQenterPipelineMode(connection) != 1) return opened->lost();
  return opened;
}

Connection::Connection(pg_conn* connection, std::span<const ConstraintReason> constraints)
    : connection_(connection), constraints_(constraints) {
  PQsetNoticeProcessor(
      connection_, [](void*, const char*) {}, nullptr);  // notices are not for our standard error
}

Connection::~Connection() { PQfinish(connection_); }

bool Connection::broken() const { return stuck_ || PQstatus(connection_) == CONNECTION_BAD; }

bool Connection::alive() {
  // The first read takes the server's farewell, if there is one; the second then meets the end of the stream.
  return PQconsumeInput(connection_) == 1 && PQconsumeInput(connection_) == 1 && !broken();
}

bool Connection::in_transaction() const { return PQtransactionStatus(connection_) != PQTRANS_IDLE; }

Error Connection::lost() const {
  std::string text = PQerrorMessage(connection_);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return fail(Reason::database_unavailable, "PostgreSQL: " + text);
}

Error Connection::failure(const pg_result* result, const char* statement) const {
  const auto state = field_of(result, PG_DIAG_SQLSTATE);
  const auto constraint = field_of(result, PG_DIAG_CONSTRAINT_NAME);
  const auto message = std::string(field_of(result, PG_DIAG_MESSAGE_PRIMARY));
  const auto known = std::ranges::find(constraints_, constraint, &ConstraintReason::constraint);
  if (!constraint.empty() && known != constraints_.end()) {
    if (known->field.empty()) return fail(known->reason, message);
    return fail(known->reason, std::string(known->field), message);
  }
  // In our own tables a duplicate means that somebody did the same at the same moment: run again, and see it done.
  if (state == "23505" && field_of(result, PG_DIAG_SCHEMA_NAME) == "runtime")
    return fail(Reason::write_conflict, message);
  return fail(reason_of(state), std::string(statement) + ": " + message + " (SQLSTATE " + std::string(state) + ")");
}

bool Connection::queue_preparation(const Statement& statement) {
  if (PQsendPrepare(connection_, statement.name, statement.text, 0, nullptr) != 1) return false;
  queued_.push_back({Step::prepare, statement.name, {}, {}});
  prepared_.insert(statement.name);
  return true;
}

void Connection::enqueue(const Statement& statement, const Parameters& parameters, std::span<const Column> columns) {
  if (early_failure_) return;
  if (queued_.size() >= pipeline_limit) {
    if (auto flushed = flush(); !flushed) {
      early_failure_ = std::move(flushed).error();
      return;
    }
  }
  if (!prepared_.contains(statement.name)) {
    // A send that fails leaves the connection broken, which the flush reports.
    if (!queue_preparation(statement) || PQsendDescribePrepared(connection_, statement.name) != 1) return;
    queued_.push_back({Step::describe, statement.name, parameters.oids(), {columns.begin(), columns.end()}});
  }
  std::vector<const char*> values;
  std::vector<int> lengths;
  for (const auto& value : parameters.values()) {
    values.push_back(value ? value->data() : nullptr);
    lengths.push_back(value ? static_cast<int>(value->size()) : 0);
  }
  const std::vector<int> formats(values.size(), binary_format);
  if (PQsendQueryPrepared(connection_, statement.name, static_cast<int>(values.size()), values.data(), lengths.data(),
                          formats.data(), binary_format) == 1) {
    queued_.push_back({Step::execute, statement.name, {}, {}});
  }
}

Result<> Connection::compare_types(const Queued& queued, const pg_result* result) {
  const auto differs = [&](const char* what, int index, TypeOid ours, TypeOid theirs) {
    return fail(Reason::internal, std::string(queued.statement) + ": " + what + " " + std::to_string(index + 1) +
                                      " has type " + std::to_string(theirs) + ", ours is " + std::to_string(ours));
  };
  const auto miscounted = [&](const char* what, int ours, int theirs) {
    return fail(Reason::internal, std::string(queued.statement) + ": has " + std::to_string(theirs) + " " + what +
                                      ", ours are " + std::to_string(ours));
  };
  const auto parameters = static_cast<int>(queued.parameters.size());
  const auto columns = static_cast<int>(queued.columns.size());
  if (PQnparams(result) != parameters) return miscounted("parameters", parameters, PQnparams(result));
  for (int index = 0; index < parameters; ++index) {
    const auto theirs = PQparamtype(result, index);
    if (theirs != queued.parameters[index]) return differs("parameter", index, queued.parameters[index], theirs);
  }
  if (columns == 0) return {};  // the caller wants no rows
  if (PQnfields(result) != columns) return miscounted("columns", columns, PQnfields(result));
  for (int index = 0; index < columns; ++index) {
    const auto theirs = PQftype(result, index);
    const auto& ours = queued.columns[index];
    if (theirs != ours.type) return differs("column", index, ours.type, theirs);
    if (!ours.name.empty() && ours.name != PQfname(result, index)) {
      return fail(Reason::internal, std::string(queued.statement) + ": column " + std::to_string(index + 1) + " is " +
                                        PQfname(result, index) + ", ours is " + ours.name);
    }
  }
  return {};
}

Result<> Connection::read_result(const Queued& queued, std::optional<Rows>& last) {
  auto result = next_result(connection_);
  if (!result) return lost();
  Result<> outcome;
  switch (PQresultStatus(result.get())) {
    case PGRES_FATAL_ERROR:
      outcome = failure(result.get(), queued.statement);
      [[fallthrough]];
    case PGRES_PIPELINE_ABORTED:
      if (queued.step == Step::prepare) prepared_.erase(queued.statement);
      break;
    default:
      if (queued.step == Step::describe) outcome = compare_types(queued, result.get());
      if (queued.step == Step::execute) last.emplace(result.release());
  }
  while (next_result(connection_)) {  // the null that ends this statement's results
    if (broken()) return lost();
  }
  return outcome;
}

Result<Rows> Connection::flush() {
  if (early_failure_) return *std::exchange(early_failure_, std::nullopt);
  std::optional<Rows> last;
  std::optional<Error> first_error;
  if (PQpipelineSync(connection_) != 1) return lost();
  for (const auto& queued : std::exchange(queued_, {})) {
    auto read = read_result(queued, last);
    if (!read && !first_error) first_error = std::move(read).error();
    if (broken()) return lost();
  }
  const auto sync = next_result(connection_);
  if (!sync || PQresultStatus(sync.get()) != PGRES_PIPELINE_SYNC) return lost();
  if (first_error) return *std::move(first_error);
  if (!last) return fail(Reason::internal, "nothing was queued");
  return *std::move(last);
}

void Connection::roll_back() {
  static constexpr Statement rollback{"connection.rollback", "ROLLBACK"};
  early_failure_.reset();
  // Twice: behind a queued statement that fails, the server skips the first.
  for (int attempt = 0; attempt < 2 && (in_transaction() || !queued_.empty()) && !broken(); ++attempt) {
    enqueue(rollback, Parameters(), {});
    static_cast<void>(flush());  // the transaction's own failure has been told already
  }
  stuck_ = in_transaction();
}

Result<> Connection::leave_pipeline() {
  if (!queued_.empty()) CHECK_OK(flush());
  if (PQexitPipelineMode(connection_) != 1) return lost();
  return {};
}

Result<> Connection::run(const std::string& script) {
  const ResultHolder result(PQexec(connection_, script.c_str()), &PQclear);
  const auto status = PQresultStatus(result.get());
  if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE) return failure(result.get(), "script");
  return {};
}

Result<> Connection::run_script(const std::string& script) {
  CHECK_OK(leave_pipeline());
  auto done = run(script);
  PQenterPipelineMode(connection_);
  return done;
}

Result<> Connection::copy_in(const std::string& copy_statement, std::string_view lines) {
  CHECK_OK(leave_pipeline());
  auto copied = run(copy_statement);
  if (copied) {
    const bool sent = PQputCopyData(connection_, lines.data(), static_cast<int>(lines.size())) == 1 &&
                      PQputCopyEnd(connection_, nullptr) == 1;
    const auto result = next_result(connection_);
    if (!sent || !result) {
      copied = lost();
    } else if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) {
      copied = failure(result.get(), "copy");
    }
    while (next_result(connection_)) {
    }
  }
  PQenterPipelineMode(connection_);
  return copied;
}

Result<> Connection::prepare(const Statement& statement) {
  if (!queue_preparation(statement)) return lost();
  std::optional<Rows> none;
  if (PQpipelineSync(connection_) != 1) return lost();
  Result<> prepared;
  for (const auto& queued : std::exchange(queued_, {})) {
    if (auto read = read_result(queued, none); !read) prepared = std::move(read);
  }
  next_result(connection_);  // the sync's own
  return prepared;
}

}  // namespace holdfast::sql
