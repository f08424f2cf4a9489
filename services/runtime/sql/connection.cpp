#include "runtime/sql/connection.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace holdfast::sql {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::string_view field_of(const PGresult* result, int field) {
  const char* text = PQresultErrorField(result, field);
  return text ? text : "";
}

// What a SQLSTATE means to whoever waits for the answer. Constraint violations are told apart by name before this.
Reason reason_of(std::string_view state) {
  if (state == "40001" || state == "40P01") return Reason::write_conflict;
  if (state == "55P03") return Reason::write_conflict;     // lock_timeout, which sweeps and batches set: they give way
  if (state == "57014") return Reason::deadline_exceeded;  // statement_timeout, which we set from the deadline
  if (state == "25P03") return Reason::deadline_exceeded;  // idle_in_transaction_session_timeout, from the same
  if (state == "23505") return Reason::already_exists;
  if (state.starts_with("08") || state.starts_with("53") || state.starts_with("57P") || state.empty()) {
    return Reason::database_unavailable;
  }
  return Reason::internal;
}

// Whether it was the server, and not a transaction that we began READ ONLY, that refused to write: after a failover it
// is no primary any more.
bool takes_no_writes(const PGconn* connection, std::string_view state) {
  const auto is_on = [&](const char* parameter) {
    const char* value = PQparameterStatus(connection, parameter);
    return value != nullptr && std::string_view(value) == "on";
  };
  return state == "25006" && (is_on("in_hot_standby") || is_on("default_transaction_read_only"));
}

constexpr int binary_format = 1;

// So that a peer that vanished is noticed though nobody waits for it; what the conninfo says goes before.
constexpr std::array network_limits{std::pair{"keepalives_idle", "5"}, std::pair{"keepalives_interval", "5"},
                                    std::pair{"keepalives_count", "2"}, std::pair{"tcp_user_timeout", "15000"}};

PGconn* start_opening(const std::string& conninfo) {
  std::vector<const char*> names, values;
  for (const auto& [name, value] : network_limits) {
    names.push_back(name);
    values.push_back(value);
  }
  names.insert(names.end(), {"dbname", nullptr});  // expanded into all that the conninfo names
  values.insert(values.end(), {conninfo.c_str(), nullptr});
  return PQconnectStartParams(names.data(), values.data(), 1);
}

[[noreturn]] void named_twice(const Statement& statement) {
  std::fprintf(stderr, "holdfast: two statements are named %s\n", statement.name);
  std::abort();
}

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
                                                     std::span<const ConstraintReason> constraints, Deadline deadline,
                                                     std::stop_token stop) {
  std::unique_ptr<Connection> opened(new Connection(start_opening(conninfo), constraints));
  CHECK_OK(opened->complete_opening(deadline, std::move(stop)));
  return opened;
}

Result<> Connection::complete_opening(Deadline deadline, std::stop_token stop) {
  const auto longest = steady_clock::now() + open_limit;
  work_until(std::min(deadline, longest), std::move(stop));
  auto wanted = PQstatus(connection_) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
  while (wanted != PGRES_POLLING_OK) {
    if (wanted == PGRES_POLLING_FAILED) return lost();
    if (!wait_for(wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT)) {
      if (patience_.stopped()) CHECK_OK(patience_.may_begin());
      return fail(deadline < longest ? Reason::deadline_exceeded : Reason::database_unavailable,
                  "PostgreSQL did not open a session in time");
    }
    wanted = PQconnectPoll(connection_);
  }
  if (PQsetnonblocking(connection_, 1) != 0 || PQenterPipelineMode(connection_) != 1) return lost();
  work_until(Deadline::max(), {});
  return {};
}

Connection::Connection(pg_conn* connection, std::span<const ConstraintReason> constraints)
    : connection_(connection), constraints_(constraints) {
  PQsetNoticeProcessor(
      connection_, [](void*, const char*) {}, nullptr);  // notices are not for our standard error
}

Connection::~Connection() { PQfinish(connection_); }

bool Connection::broken() const { return given_up_ || PQstatus(connection_) == CONNECTION_BAD; }

void Connection::cancel() {
  PGcancel* const request = PQgetCancel(connection_);
  if (!request) return;
  std::array<char, 256> why{};
  PQcancel(request, why.data(), static_cast<int>(why.size()));  // if it cannot be asked, there is nothing else to do
  PQfreeCancel(request);
}

bool Connection::alive() {
  // The first read takes the server's farewell, if there is one; the second then meets the end of the stream.
  return PQconsumeInput(connection_) == 1 && PQconsumeInput(connection_) == 1 && !broken();
}

bool Connection::in_transaction() const { return PQtransactionStatus(connection_) != PQTRANS_IDLE; }

Error Connection::lost() const {
  std::string text = PQerrorMessage(connection_);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return fail(Reason::database_unavailable, "PostgreSQL: " + (text.empty() ? "the session was given up" : text));
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
  const auto reason = takes_no_writes(connection_, state) ? Reason::database_unavailable : reason_of(state);
  return fail(reason, std::string(statement) + ": " + message + " (SQLSTATE " + std::string(state) + ")");
}

void Connection::work_until(Deadline deadline, std::stop_token stop) { patience_.until(deadline, std::move(stop)); }

bool Connection::wait_for(short events) {
  // With TLS, what libpq has yet to read may lie within it.
  return patience_.wait_for(PQsocket(connection_), events, PQsslInUse(connection_) == 0);
}

// The next result, or null where libpq separates those of two statements.
Result<Connection::ResultHolder> Connection::next_result() {
  for (;;) {
    const int unsent = PQflush(connection_);
    if (unsent < 0) return lost();
    if (PQisBusy(connection_) == 0) return ResultHolder(PQgetResult(connection_), &PQclear);
    if (!wait_for(static_cast<short>(unsent != 0 ? POLLIN | POLLOUT : POLLIN))) {
      given_up_ = true;
      if (patience_.stopped()) CHECK_OK(patience_.may_begin());
      return fail(Reason::deadline_exceeded, "PostgreSQL did not answer before the deadline");
    }
    if (PQconsumeInput(connection_) != 1) return lost();
  }
}

void Connection::enqueue(const Statement& statement, Parameters parameters, std::span<const Column> columns) {
  if (early_failure_) return;
  if (queued_.size() >= pipeline_limit) {
    if (auto flushed = flush(); !flushed) {
      early_failure_ = std::move(flushed).error();
      return;
    }
  }
  queued_.push_back({statement, std::move(parameters), columns});
}

bool Connection::send(const Queued& queued, std::vector<Sent>& sent) {
  const auto& statement = queued.statement;
  const auto [at, is_new] = prepared_.try_emplace(statement.name, Prepared{statement.text, std::nullopt, nullptr});
  auto& known = at->second;
  if (std::strcmp(known.text, statement.text) != 0) named_twice(statement);
  if (is_new) {
    if (PQsendPrepare(connection_, statement.name, statement.text, 0, nullptr) != 1) return false;
    sent.push_back({Step::prepare, &queued});
  }
  if (queued.only_prepare) return true;
  if (known.parameters != queued.parameters.oids() || known.columns != queued.columns.data()) {
    if (PQsendDescribePrepared(connection_, statement.name) != 1) return false;
    sent.push_back({Step::describe, &queued});
    known.parameters = queued.parameters.oids();
    known.columns = queued.columns.data();
  }
  std::vector<const char*> values;
  std::vector<int> lengths;
  for (const auto& value : queued.parameters.values()) {
    values.push_back(value ? value->data() : nullptr);
    lengths.push_back(value ? static_cast<int>(value->size()) : 0);
  }
  const std::vector<int> formats(values.size(), binary_format);
  if (PQsendQueryPrepared(connection_, statement.name, static_cast<int>(values.size()), values.data(), lengths.data(),
                          formats.data(), binary_format) != 1) {
    return false;
  }
  sent.push_back({Step::execute, &queued});
  return true;
}

Result<> Connection::compare_types(const Queued& queued, const pg_result* result) {
  const auto differs = [&](const char* what, int index, TypeOid ours, TypeOid theirs) {
    return fail(Reason::internal, std::string(queued.statement.name) + ": " + what + " " + std::to_string(index + 1) +
                                      " has type " + std::to_string(theirs) + ", ours is " + std::to_string(ours));
  };
  const auto miscounted = [&](const char* what, int ours, int theirs) {
    return fail(Reason::internal, std::string(queued.statement.name) + ": has " + std::to_string(theirs) + " " + what +
                                      ", ours are " + std::to_string(ours));
  };
  const auto& oids = queued.parameters.oids();
  const auto parameters = static_cast<int>(oids.size());
  const auto columns = static_cast<int>(queued.columns.size());
  if (PQnparams(result) != parameters) return miscounted("parameters", parameters, PQnparams(result));
  for (int index = 0; index < parameters; ++index) {
    const auto theirs = PQparamtype(result, index);
    if (theirs != oids[index]) return differs("parameter", index, oids[index], theirs);
  }
  // None: the caller wants no rows.
  if (columns != 0 && PQnfields(result) != columns) return miscounted("columns", columns, PQnfields(result));
  for (int index = 0; index < columns; ++index) {
    const auto theirs = PQftype(result, index);
    const auto& ours = queued.columns[index];
    if (theirs != ours.type) return differs("column", index, ours.type, theirs);
    if (!ours.name.empty() && ours.name != PQfname(result, index)) {
      return fail(Reason::internal, std::string(queued.statement.name) + ": column " + std::to_string(index + 1) +
                                        " is " + PQfname(result, index) + ", ours is " + ours.name);
    }
  }
  return {};
}

// What a step that failed, or was skipped, did not bring about: the next use of the statement repeats it.
void Connection::forget(const Sent& sent) {
  const auto known = prepared_.find(sent.of->statement.name);
  if (known == prepared_.end()) return;
  if (sent.step == Step::prepare) {
    prepared_.erase(known);
  } else if (sent.step == Step::describe) {
    known->second.parameters.reset();
  }
}

Result<> Connection::read_result(const Sent& sent, std::optional<Rows>& last) {
  auto result = TRY(next_result());
  if (!result) return lost();
  Result<> outcome;
  switch (PQresultStatus(result.get())) {
    case PGRES_FATAL_ERROR:
      // Then all behind it is skipped. What ends the session, or libpq itself found out, may stand in a commit's place.
      if (field_of(result.get(), PG_DIAG_SEVERITY_NONLOCALIZED) == "ERROR") outcome_known_ = true;
      outcome = failure(result.get(), sent.of->statement.name);
      // The next session may be one with the new primary.
      if (takes_no_writes(connection_, field_of(result.get(), PG_DIAG_SQLSTATE))) given_up_ = true;
      [[fallthrough]];
    case PGRES_PIPELINE_ABORTED:
      forget(sent);
      break;
    default:
      if (sent.step == Step::describe) outcome = compare_types(*sent.of, result.get());
      if (!outcome) forget(sent);
      if (sent.step == Step::execute) last.emplace(result.release());
  }
  while (TRY(next_result())) {  // the null that ends this statement's results
    if (broken()) return lost();
  }
  return outcome;
}

Result<std::optional<Rows>> Connection::exchange_queue() {
  const auto queued = std::exchange(queued_, {});
  if (broken()) return lost();
  CHECK_OK(patience_.may_begin());
  std::vector<Sent> sent;
  bool all_sent = true;
  for (const auto& each : queued) all_sent = all_sent && send(each, sent);
  outcome_known_ = !all_sent;  // a commit comes last: without it, what is on its way comes to nothing
  if (!all_sent || PQpipelineSync(connection_) != 1) {
    given_up_ = true;
    return lost();
  }
  std::optional<Rows> last;
  std::optional<Error> first_error;
  for (const auto& each : sent) {
    auto read = read_result(each, last);
    if (!read && !first_error) first_error = std::move(read).error();
    if (broken()) return first_error ? *std::move(first_error) : lost();
  }
  const auto sync = TRY(next_result());
  if (!sync || PQresultStatus(sync.get()) != PGRES_PIPELINE_SYNC) {
    given_up_ = true;  // answers and statements have come apart
    return lost();
  }
  outcome_known_ = true;
  if (first_error) return *std::move(first_error);
  return last;
}

Result<Rows> Connection::flush() {
  outcome_known_ = true;
  if (early_failure_) return *std::exchange(early_failure_, std::nullopt);
  auto last = TRY(exchange_queue());
  if (!last) return fail(Reason::internal, "nothing was queued");
  return *std::move(last);
}

void Connection::roll_back() {
  static constexpr Statement rollback{"connection.rollback", "ROLLBACK"};
  queued_.clear();
  early_failure_.reset();
  if (broken() || !in_transaction()) return;
  work_until(steady_clock::now() + roll_back_patience, {});
  enqueue(rollback, Parameters(), {});
  static_cast<void>(flush());  // what matters is whether the transaction has ended
  given_up_ = given_up_ || in_transaction();
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
    const auto result = TRY(next_result());
    if (!sent || !result) {
      copied = lost();
    } else if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) {
      copied = failure(result.get(), "copy");
    }
    while (TRY(next_result())) {
    }
  }
  PQenterPipelineMode(connection_);
  return copied;
}

Result<> Connection::prepare(const Statement& statement) {
  queued_.push_back({statement, {}, {}, true});
  CHECK_OK(exchange_queue());
  return {};
}

}  // namespace holdfast::sql
