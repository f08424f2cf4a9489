#pragma once

#include <map>
#include <memory>

#include "store.h"
#include "world.h"

struct pg_conn;

namespace holdfast::simulation {

// The server that libpq's functions, as defined in postgres.cpp, talk to: a session and a fiber a connection. One a
// world.
class Postgres {
 public:
  explicit Postgres(World& world);

  // Its connections are cut, what was under way is rolled back; until `up` nobody gets in.
  void crash(Nanoseconds up);
  // The process died, or its network: what it had sent may still be done.
  void cut(Process process);

  static Postgres& current();

  World& world;
  Store store;
  Nanoseconds up_at = 0;
  // A round trip's half, and now and then far more.
  Nanoseconds delay();

  struct Backend;
  std::map<int, std::shared_ptr<Backend>> backends;
  std::map<int, pg_conn*> clients;
};

}  // namespace holdfast::simulation
