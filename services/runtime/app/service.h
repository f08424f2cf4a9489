#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/app/process.h"
#include "runtime/command/commands.h"
#include "runtime/events/consumer.h"
#include "runtime/events/relay.h"
#include "runtime/operations/retention.h"
#include "runtime/sql/database.h"
#include "runtime/sql/migrate.h"
#include "runtime/timers/timers.h"

namespace holdfast::app {

// What tells one service from another.
struct Identity {
  std::string name;  // "tickets": of its settings, database, group and lease
  std::span<const sql::Migration> migrations;
  std::span<const sql::ConstraintReason> constraints;
  std::vector<std::string> consumes;       // topics whose events it reacts to
  operations::Invariants invariants = {};  // store/invariants.sql: what must hold in its database at any moment
};

// The chassis of every service: its own database, outbox, relay and consumer, and a place in the process's server. A
// service derives from it, adds its RPCs and reactions, and is otherwise only its rooms.
class Service {
 public:
  // Declares the settings of `identity.name`; nothing is connected yet.
  Service(Process& process, Identity identity);
  virtual ~Service();

  // Migrates the database, creates the topics of its own events and of those it reacts to, then calls add(), then
  // starts relay, timers, consumer. Blocks; fails when a part it cannot work without is missing.
  Result<> start();
  // Before the process stops: the consumer leaves its group, timers end what they fire, then remove(), and the relay
  // ends its batch. May be called twice; a service with threads of its own also calls it from its destructor.
  void stop();

  const std::string& name() const { return identity_.name; }

 protected:
  // Where a service puts what is its own: RPCs, reactions, timers.
  virtual Result<> add() = 0;
  // Its other end: ends the service's own threads, once nothing reacts and nothing fires any more.
  virtual void remove() {}

  // A gRPC service of this service, served by verbs.
  command::Commands& serve(const std::string& full_name);

  Process& process() { return process_; }
  sql::Database& database() { return *database_; }
  events::Transactor& transactor() { return *transactor_; }
  events::Consumer& consumer() { return *consumer_; }
  // Asked for within add(). By the business clock: domain facts; by the system clock: retries.
  timers::Timers& business_timers();
  timers::Timers& system_timers();

 private:
  struct Settings {
    explicit Settings(const config::Section& section);
    config::Setting<config::Secret> url;
    config::Setting<config::Secret> owner_url;
    config::Setting<int> pool_size;
  };

  Result<> migrate();
  Result<> create_topics();
  void measure();
  void measure(const timers::Timers& timers, const std::string& clock);

  Process& process_;
  const Identity identity_;
  Settings settings_;
  std::unique_ptr<sql::Database> database_;
  events::Outbox outbox_;
  std::unique_ptr<events::Transactor> transactor_;
  std::vector<std::unique_ptr<command::Commands>> commands_;
  std::unique_ptr<events::Relay> relay_;
  std::unique_ptr<events::Consumer> consumer_;
  std::unique_ptr<timers::Timers> business_timers_;
  std::unique_ptr<timers::Timers> system_timers_;
  std::unique_ptr<operations::Retention> retention_;
  std::vector<metrics::Registration> registrations_;
};

using MakeService = std::unique_ptr<Service> (*)(Process&);

template <class S>
std::unique_ptr<Service> make(Process& process) {
  return std::make_unique<S>(process);
}

// The whole of main(): reads the settings, starts the services in order, serves until SIGTERM or SIGINT, lets the
// calls that run end within 25 s, then stops service after service, each of which waits for what it has in hand
// (Kubernetes may kill it meanwhile: nothing is lost by that), and leaves by _exit, since librdkafka 2.0.2 may hang in
// its destructors and nothing in memory is worth waiting for. Exit codes: 0 done, 1 could not start, 2 wrong settings.
int run(std::string_view program, std::string_view purpose, const std::vector<MakeService>& services, int argc,
        char** argv);

}  // namespace holdfast::app
