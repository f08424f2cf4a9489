#pragma once

#include <libpq-fe.h>

#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "runtime/sql/statement.h"
#include "statements.h"
#include "store.h"

namespace holdfast::simulation {

// A parameter. What a database gave out itself (an identity, a row's place) is another value in each of the two.
struct Value {
  Value(std::string same) : modelled(same), real(std::move(same)) {}
  Value(std::string modelled, std::string real) : modelled(std::move(modelled)), real(std::move(real)) {}

  std::string modelled, real;
};

// A column's array in PostgreSQL's binary format: of one dimension, without nulls.
Value array_of(unsigned element_type, std::span<const Value> elements);

// What a database said to a statement.
struct Said {
  std::string state;  // SQLSTATE; empty: done
  std::string affected;
  std::vector<Row> rows;
};

// What each of them said to the same.
struct BothSaid {
  Said modelled, real;
  const Statement* statement = nullptr;
};

// The store's model beside a PostgreSQL with the same tables, asked the same in the same sessions, one statement after
// the other. Nobody lets go meanwhile, so that whoever waits for a lock gives up after 20 ms.
class BothDatabases {
 public:
  // `url` is a database without rows.
  BothDatabases(std::uint64_t seed, const std::string& url, int sessions);

  void begin(int session);
  BothSaid say(int session, const std::string& name, std::span<const Value> parameters);
  void commit(int session);
  void roll_back(int session);

 private:
  struct Close {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  struct Client {
    std::unique_ptr<Session> modelled;
    std::unique_ptr<PGconn, Close> real;
    std::set<std::string> prepared;
  };

  Said say_to_model(Client& client, const std::string& name, const std::vector<Cell>& parameters);
  Said say_to_postgres(Client& client, const std::string& name, std::span<const Value> parameters);

  World world_;
  Store store_{world_};
  std::vector<Client> clients_;
};

// The text under a name that the model knows too; none for those that are not in a .sql file.
const char* text_of(const std::string& name);
// What PostgreSQL has against the types that the model says a statement has; empty: nothing.
std::string types_complaint(PGconn& connection, const std::string& name, const Statement& statement);

}  // namespace holdfast::simulation
