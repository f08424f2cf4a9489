#include "both_databases.h"

#include <map>
#include <stdexcept>

#include "contracts/store/all_statements.h"
#include "notifications/store/all_statements.h"
#include "runtime/events/all_statements.h"
#include "runtime/timers/all_statements.h"

namespace holdfast::simulation {
namespace {

constexpr auto lock_patience_ms = "20";

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, Clear>;

std::string in_binary(unsigned element_type, const std::vector<std::string>& elements) {
  if (elements.empty()) return bytes_of(0, 4) + bytes_of(0, 4) + bytes_of(element_type, 4);
  auto bytes =
      bytes_of(1, 4) + bytes_of(0, 4) + bytes_of(element_type, 4) + bytes_of(std::ssize(elements), 4) + bytes_of(1, 4);
  for (const auto& element : elements) bytes += bytes_of(std::ssize(element), 4) + element;
  return bytes;
}

std::map<std::string, const char*> all_texts() {
  std::map<std::string, const char*> texts;
  const auto add = [&](const auto& files) {
    for (const auto& file : files) {
      for (const auto* statement : file) texts.emplace(statement->name, statement->text);
    }
  };
  add(events::statements::all);
  add(timers::statements::all);
  add(contracts::statements::all);
  add(notifications::statements::all);
  return texts;
}

Said said_by(PGresult* result) {
  if (PQresultStatus(result) == PGRES_FATAL_ERROR) return {PQresultErrorField(result, PG_DIAG_SQLSTATE), "", {}};
  Said said{"", PQcmdTuples(result), {}};
  for (int row = 0; row < PQntuples(result); ++row) {
    auto& cells = said.rows.emplace_back();
    for (int column = 0; column < PQnfields(result); ++column) {
      if (PQgetisnull(result, row, column) != 0) {
        cells.emplace_back();
      } else {
        cells.emplace_back(
            std::string(PQgetvalue(result, row, column), static_cast<size_t>(PQgetlength(result, row, column))));
      }
    }
  }
  return said;
}

void must(PGconn* connection, const std::string& command) {
  const Result done(PQexec(connection, command.c_str()));
  if (PQresultStatus(done.get()) != PGRES_COMMAND_OK)
    throw std::runtime_error(command + ": " + PQerrorMessage(connection));
}

}  // namespace

Value array_of(unsigned element_type, std::span<const Value> elements) {
  std::vector<std::string> modelled, real;
  for (const auto& element : elements) {
    modelled.push_back(element.modelled);
    real.push_back(element.real);
  }
  return {in_binary(element_type, modelled), in_binary(element_type, real)};
}

const char* text_of(const std::string& name) {
  static const auto texts = all_texts();
  const auto found = texts.find(name);
  return found == texts.end() ? nullptr : found->second;
}

std::string types_complaint(PGconn& connection, const std::string& name, const Statement& statement) {
  const Result prepared(PQprepare(&connection, name.c_str(), text_of(name), 0, nullptr));
  if (PQresultStatus(prepared.get()) != PGRES_COMMAND_OK) return PQerrorMessage(&connection);
  const Result described(PQdescribePrepared(&connection, name.c_str()));
  std::vector<unsigned> parameters;
  for (int index = 0; index < PQnparams(described.get()); ++index) {
    parameters.push_back(PQparamtype(described.get(), index));
  }
  if (parameters != statement.parameters) return "has parameters of other types";
  std::vector<std::pair<std::string, unsigned>> columns;
  for (int index = 0; index < PQnfields(described.get()); ++index) {
    columns.emplace_back(PQfname(described.get(), index), PQftype(described.get(), index));
  }
  return columns == statement.columns ? "" : "answers with other columns";
}

BothDatabases::BothDatabases(std::uint64_t seed, const std::string& url, int sessions) : world_(seed, false) {
  for (int session = 0; session < sessions; ++session) {
    auto& client = clients_.emplace_back();
    client.modelled = std::make_unique<Session>(store_);
    client.real.reset(PQconnectdb(url.c_str()));
    if (PQstatus(client.real.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(client.real.get()));
  }
}

void BothDatabases::begin(int session) {
  auto& client = clients_[static_cast<size_t>(session)];
  say_to_model(client, "database.begin", {});
  say_to_model(client, "sql.limit_lock_waits", {lock_patience_ms});
  must(client.real.get(), "BEGIN");
  must(client.real.get(), std::string("SET LOCAL lock_timeout = ") + lock_patience_ms);
}

void BothDatabases::commit(int session) {
  auto& client = clients_[static_cast<size_t>(session)];
  say_to_model(client, "database.commit", {});
  must(client.real.get(), "COMMIT");
}

void BothDatabases::roll_back(int session) {
  auto& client = clients_[static_cast<size_t>(session)];
  say_to_model(client, "connection.rollback", {});
  must(client.real.get(), "ROLLBACK");
}

BothSaid BothDatabases::say(int session, const std::string& name, std::span<const Value> parameters) {
  auto& client = clients_[static_cast<size_t>(session)];
  std::vector<Cell> modelled;
  for (const auto& parameter : parameters) modelled.emplace_back(parameter.modelled);
  return {say_to_model(client, name, modelled), say_to_postgres(client, name, parameters), &statements().at(name)};
}

// By a fiber of the servers', as a session's: it may wait for a lock.
Said BothDatabases::say_to_model(Client& client, const std::string& name, const std::vector<Cell>& parameters) {
  Said said;
  bool done = false;
  world_.spawn(0, [&] {
    try {
      auto answer = client.modelled->execute(statement_named(name), parameters);
      said = {"", std::move(answer.affected), std::move(answer.rows)};
    } catch (const SqlError& error) {
      said.state = error.state;
    }
    done = true;
  });
  world_.run([&] { return done; });
  return said;
}

Said BothDatabases::say_to_postgres(Client& client, const std::string& name, std::span<const Value> parameters) {
  if (client.prepared.insert(name).second) {
    const Result prepared(PQprepare(client.real.get(), name.c_str(), text_of(name), 0, nullptr));
    if (PQresultStatus(prepared.get()) != PGRES_COMMAND_OK) throw std::runtime_error(PQerrorMessage(client.real.get()));
  }
  std::vector<const char*> values;
  std::vector<int> lengths, formats(parameters.size(), 1);
  for (const auto& parameter : parameters) {
    values.push_back(parameter.real.data());
    lengths.push_back(static_cast<int>(parameter.real.size()));
  }
  const Result result(PQexecPrepared(client.real.get(), name.c_str(), static_cast<int>(parameters.size()),
                                     values.data(), lengths.data(), formats.data(), 1));
  return said_by(result.get());
}

}  // namespace holdfast::simulation
