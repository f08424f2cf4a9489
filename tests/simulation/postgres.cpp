// libpq as the runtime uses it: non-blocking, in pipeline mode. What travels between a client and its session arrives
// later, in order, or, when the connection is cut, maybe not.

#include "postgres.h"

#include <libpq-fe.h>

#include <algorithm>
#include <deque>
#include <utility>

#include "statements.h"
#include "system.h"

using namespace holdfast::simulation;

struct pg_result {
  ExecStatusType status = PGRES_COMMAND_OK;
  Answer answer;
  std::string state, message;
  const Statement* statement = nullptr;  // of which it tells the types
};

namespace holdfast::simulation {

struct Request {
  enum class Kind { prepare, describe, execute, sync } kind;
  const NamedStatement* statement = nullptr;
  std::vector<Cell> parameters;

  std::string_view name() const { return statement ? statement->first : std::string_view("sync"); }
};

struct Reply {
  PGresult* result = nullptr;  // whoever reads it clears it; none: the end of one statement's results
  PGTransactionStatusType status = PQTRANS_IDLE;
};

}  // namespace holdfast::simulation

struct pg_conn {
  int number = 0;
  Process process = 0;
  ConnStatusType status = CONNECTION_STARTED;
  bool refused = false, opened = false, cut = false;
  std::vector<Request> outgoing;
  std::deque<Reply> arrived, readable;
  int under_way = 0;  // syncs that are not answered
  PGTransactionStatusType transaction = PQTRANS_IDLE;
  Nanoseconds sent_until = 0, answered_until = 0;  // a stream's order
};

struct Postgres::Backend {
  Backend(Store& store, int number) : session(store), number(number) {}

  Session session;
  const int number;
  std::uint64_t fiber = 0;
  std::deque<std::vector<Request>> inbox;
  bool closed = false;
};

namespace holdfast::simulation {
namespace {

Postgres* the_server = nullptr;

Reply fatal(const SqlError& error) {
  return {new PGresult{.status = PGRES_FATAL_ERROR, .state = error.state, .message = error.message}};
}

Reply plain(ExecStatusType status) { return {new PGresult{.status = status}}; }

Reply answer_to(Session& session, const Request& request) {
  if (request.kind == Request::Kind::prepare) return plain(PGRES_COMMAND_OK);
  const auto* statement = &request.statement->second;
  if (request.kind == Request::Kind::describe) return {new PGresult{.statement = statement}};
  try {
    auto answer = session.execute(*request.statement, request.parameters);
    const auto status = statement->columns.empty() ? PGRES_COMMAND_OK : PGRES_TUPLES_OK;
    return {new PGresult{.status = status, .answer = std::move(answer), .statement = statement}};
  } catch (const SqlError& error) {
    return fatal(error);
  }
}

void deliver(int number, const std::vector<Reply>& replies) {
  const auto found = the_server->clients.find(number);
  if (found == the_server->clients.end() || found->second->cut) return;
  found->second->arrived.insert(found->second->arrived.end(), replies.begin(), replies.end());
  set_readable(number, true);
}

void send_answers(int number, std::vector<Reply> replies) {
  const auto found = the_server->clients.find(number);
  if (found == the_server->clients.end() || found->second->cut) return;
  auto& world = the_server->world;
  auto& until = found->second->answered_until;
  until = std::max(until, world.now + the_server->delay());
  world.at(until, [number, replies = std::move(replies)] { deliver(number, replies); });
}

void cut_off(pg_conn& client) {
  client.cut = true;
  set_readable(client.number, true);
}

// Who has begun and says nothing any more is cut off in time: others wait for what he holds.
void wait_for_requests(Postgres::Backend& backend) {
  auto& world = the_server->world;
  const auto patience = backend.session.in_transaction() ? backend.session.idle_timeout : never;
  const auto until = patience == never ? never : world.now + patience;
  world.block(&backend, until);
  if (world.now < until || !backend.inbox.empty() || backend.closed) return;
  world.trace("postgres ", backend.number, " ends its session, idle in a transaction");
  backend.closed = true;
  const auto found = the_server->clients.find(backend.number);
  if (found != the_server->clients.end()) cut_off(*found->second);
}

void serve(Postgres::Backend& backend) {
  auto& world = the_server->world;
  while (!backend.inbox.empty() || !backend.closed) {
    if (backend.inbox.empty()) {
      wait_for_requests(backend);
      continue;
    }
    const auto requests = std::move(backend.inbox.front());
    backend.inbox.pop_front();
    std::vector<Reply> replies;
    replies.reserve(2 * requests.size());
    bool failed = false;
    for (const auto& request : requests) {
      if (request.kind == Request::Kind::sync) {
        auto sync = plain(PGRES_PIPELINE_SYNC);
        if (!backend.session.in_transaction()) backend.session.end();  // without BEGIN it was a transaction by itself
        sync.status = backend.session.failed()           ? PQTRANS_INERROR
                      : backend.session.in_transaction() ? PQTRANS_INTRANS
                                                         : PQTRANS_IDLE;
        replies.push_back(std::move(sync));
        continue;
      }
      world.let_pass(world.random.between(5, 60) * microsecond);
      replies.push_back(failed ? plain(PGRES_PIPELINE_ABORTED) : answer_to(backend.session, request));
      the_server->has_worked(backend);
      failed = failed || replies.back().result->status == PGRES_FATAL_ERROR;
      replies.push_back({});
    }
    const auto& last = requests[requests.size() > 1 ? requests.size() - 2 : 0];
    world.trace("postgres ", backend.number, " answers ", requests.front().name(), " to ", last.name(),
                failed ? ": failed" : "");
    send_answers(backend.number, std::move(replies));
  }
  backend.session.end();
  the_server->backends.erase(backend.number);
}

void arrive(int number, std::vector<Request> requests) {
  const auto found = the_server->backends.find(number);
  if (found == the_server->backends.end()) return;
  found->second->inbox.push_back(std::move(requests));
  the_server->world.wake(found->second.get());
}

// The server reads what lies before the end of the stream, and then that.
void close_backend(int number) {
  const auto found = the_server->backends.find(number);
  if (found == the_server->backends.end()) return;
  found->second->closed = true;
  the_server->world.wake(found->second.get());
}

void open_session(int number) {
  const auto found = the_server->clients.find(number);
  if (found == the_server->clients.end()) return;
  auto& client = *found->second;
  auto& world = the_server->world;
  (world.now < the_server->up_at ? client.refused : client.opened) = true;
  set_readable(number, true);
  if (client.refused) return;
  auto backend = std::make_shared<Postgres::Backend>(the_server->store, number);
  the_server->backends[number] = backend;
  backend->fiber = world.spawn(0, [backend] { serve(*backend); });
}

}  // namespace

Postgres::Postgres(World& world) : world(world), store(world) { the_server = this; }

Postgres& Postgres::current() { return *the_server; }

Nanoseconds Postgres::delay() {
  if (world.random.once_in(200)) return world.random.between(1, 400) * millisecond;
  return world.random.between(20, 300) * microsecond;
}

void Postgres::has_worked(const Backend& backend) {
  const auto client = clients.find(backend.number);
  if (!strikes_ || !backend.session.is_writing() || client == clients.end()) return;
  world.at(world.now + world.random.between(0, 200) * microsecond,
           [strikes = std::exchange(strikes_, nullptr), process = client->second->process] { strikes(process); });
}

void Postgres::crash(Nanoseconds up) {
  up_at = up;
  for (auto& [number, client] : clients) cut_off(*client);
  for (auto& [number, backend] : backends) {
    world.kill_fiber(backend->fiber);
    backend->session.end();
  }
  backends.clear();
  store.crash();
}

void Postgres::cut(Process process) {
  for (auto& [number, client] : clients) {
    if (client->process != process || client->cut) continue;
    cut_off(*client);
    const int closed = number;
    world.at(client->sent_until + world.random.between(0, 20) * millisecond, [closed] { close_backend(closed); });
  }
}

}  // namespace holdfast::simulation

extern "C" {

PGconn* PQconnectStartParams(const char* const*, const char* const*, int) {
  auto* client = new pg_conn;
  auto& world = the_server->world;
  client->number = open_descriptor();
  client->process = world.process();
  the_server->clients[client->number] = client;
  world.at(world.now + the_server->delay(), [number = client->number] { open_session(number); });
  return client;
}

PostgresPollingStatusType PQconnectPoll(PGconn* client) {
  set_readable(client->number, false);
  if (client->refused || client->cut) {
    client->status = CONNECTION_BAD;
    return PGRES_POLLING_FAILED;
  }
  if (!client->opened) return PGRES_POLLING_READING;
  client->status = CONNECTION_OK;
  return PGRES_POLLING_OK;
}

void PQfinish(PGconn* client) {
  the_server->world.at(std::max(client->sent_until, the_server->world.now) + millisecond,
                       [number = client->number] { close_backend(number); });
  the_server->clients.erase(client->number);
  close_descriptor(client->number);
  delete client;
}

ConnStatusType PQstatus(const PGconn* client) { return client->status; }
int PQsocket(const PGconn* client) { return client->number; }
int PQsslInUse(PGconn*) { return 0; }
int PQsetnonblocking(PGconn*, int) { return 0; }
int PQenterPipelineMode(PGconn*) { return 1; }
int PQexitPipelineMode(PGconn*) { return 1; }
PQnoticeProcessor PQsetNoticeProcessor(PGconn*, PQnoticeProcessor, void*) { return nullptr; }
char* PQerrorMessage(const PGconn*) { return const_cast<char*>("the connection is cut"); }
const char* PQparameterStatus(const PGconn*, const char*) { return "off"; }

PGTransactionStatusType PQtransactionStatus(const PGconn* client) {
  if (client->status == CONNECTION_BAD) return PQTRANS_UNKNOWN;
  return client->under_way > 0 ? PQTRANS_ACTIVE : client->transaction;
}

int PQsendPrepare(PGconn* client, const char* name, const char*, int, const Oid*) {
  client->outgoing.push_back({Request::Kind::prepare, &statement_named(name), {}});
  return 1;
}

int PQsendDescribePrepared(PGconn* client, const char* name) {
  client->outgoing.push_back({Request::Kind::describe, &statement_named(name), {}});
  return 1;
}

int PQsendQueryPrepared(PGconn* client, const char* name, int count, const char* const* values, const int* lengths,
                        const int*, int) {
  Request request{Request::Kind::execute, &statement_named(name), {}};
  request.parameters.reserve(static_cast<size_t>(count));
  for (int index = 0; index < count; ++index) {
    auto& cell = request.parameters.emplace_back();
    if (values[index]) cell.emplace(values[index], static_cast<size_t>(lengths[index]));
  }
  client->outgoing.push_back(std::move(request));
  return 1;
}

int PQpipelineSync(PGconn* client) {
  client->outgoing.push_back({Request::Kind::sync});
  ++client->under_way;
  return 1;
}

int PQflush(PGconn* client) {
  if (client->outgoing.empty() || client->cut) return 0;
  auto& world = the_server->world;
  client->sent_until = std::max(client->sent_until, world.now + the_server->delay());
  world.at(client->sent_until, [number = client->number, requests = std::exchange(client->outgoing, {})]() mutable {
    arrive(number, std::move(requests));
  });
  return 0;
}

int PQconsumeInput(PGconn* client) {
  set_readable(client->number, client->cut);
  client->readable.insert(client->readable.end(), client->arrived.begin(), client->arrived.end());
  client->arrived.clear();
  if (client->cut && client->readable.empty()) client->status = CONNECTION_BAD;
  return client->status == CONNECTION_BAD ? 0 : 1;
}

int PQisBusy(PGconn* client) { return client->readable.empty() ? 1 : 0; }

PGresult* PQgetResult(PGconn* client) {
  if (client->readable.empty()) return nullptr;
  const auto reply = client->readable.front();
  client->readable.pop_front();
  if (reply.result && reply.result->status == PGRES_PIPELINE_SYNC) {
    --client->under_way;
    client->transaction = reply.status;
  }
  return reply.result;
}

void PQclear(PGresult* result) { delete result; }
ExecStatusType PQresultStatus(const PGresult* result) { return result->status; }
int PQntuples(const PGresult* result) { return static_cast<int>(result->answer.rows.size()); }
int PQnfields(const PGresult* result) {
  return result->statement ? static_cast<int>(result->statement->columns.size()) : 0;
}
char* PQcmdTuples(PGresult* result) { return result->answer.affected.data(); }
char* PQcmdStatus(PGresult* result) { return result->answer.tag.data(); }
int PQnparams(const PGresult* result) { return static_cast<int>(result->statement->parameters.size()); }
Oid PQparamtype(const PGresult* result, int index) { return result->statement->parameters[static_cast<size_t>(index)]; }
Oid PQftype(const PGresult* result, int index) { return result->statement->columns[static_cast<size_t>(index)].second; }
char* PQfname(const PGresult* result, int index) {
  return const_cast<char*>(result->statement->columns[static_cast<size_t>(index)].first.c_str());
}

static const Cell& cell_of(const PGresult* result, int row, int column) {
  return result->answer.rows[static_cast<size_t>(row)][static_cast<size_t>(column)];
}
int PQgetisnull(const PGresult* result, int row, int column) { return cell_of(result, row, column) ? 0 : 1; }
char* PQgetvalue(const PGresult* result, int row, int column) {
  return const_cast<char*>(cell_of(result, row, column)->data());
}
int PQgetlength(const PGresult* result, int row, int column) {
  return static_cast<int>(cell_of(result, row, column)->size());
}

char* PQresultErrorField(const PGresult* result, int field) {
  if (result->status != PGRES_FATAL_ERROR) return nullptr;
  if (field == PG_DIAG_SQLSTATE) return const_cast<char*>(result->state.c_str());
  if (field == PG_DIAG_MESSAGE_PRIMARY) return const_cast<char*>(result->message.c_str());
  if (field == PG_DIAG_SEVERITY_NONLOCALIZED) return const_cast<char*>("ERROR");
  return nullptr;
}

// A cancel names the session by its number.
PGcancel* PQgetCancel(PGconn* client) {
  return reinterpret_cast<PGcancel*>(static_cast<std::intptr_t>(client->number));
}
void PQfreeCancel(PGcancel*) {}
int PQcancel(PGcancel* request, char*, int) {
  const auto found = the_server->backends.find(static_cast<int>(reinterpret_cast<std::intptr_t>(request)));
  if (found != the_server->backends.end()) found->second->session.cancel();
  return 1;
}

}  // extern "C"
