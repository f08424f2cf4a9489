#pragma once

#include <functional>
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
  struct Backend;

  explicit Postgres(World& world);

  // Its connections are cut, what was under way is rolled back; until `up` nobody gets in.
  void crash(Nanoseconds up);
  // The process died, or its network: what it had sent may still be done.
  void cut(Process process);

  // Once, in the middle of the next transaction that writes, with the process whose it is.
  void when_writing(std::function<void(Process)> happens) { strikes_ = std::move(happens); }
  void has_worked(const Backend& backend);

  static Postgres& current();

  World& world;
  Store store;
  Nanoseconds up_at = 0;
  // A round trip's half, and now and then far more.
  Nanoseconds delay();

  std::map<int, std::shared_ptr<Backend>> backends;
  std::map<int, pg_conn*> clients;

 private:
  std::function<void(Process)> strikes_;
};

}  // namespace holdfast::simulation
