#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/app/process.h"
#include "runtime/command/commands.h"
#include "runtime/events/consumer.h"
#include "runtime/events/own_events.h"
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

  // Connects to the database and migrates it. Blocks for PostgreSQL, with which each service is alone: those of a
  // process may be opened at once, each by a thread.
  Result<> open();
  // Then calls add() and starts relay, timers, consumer. The relay makes the topics of its own events and of those it
  // reacts to: Kafka may be away. Blocks; fails when a part it cannot work without is missing.
  Result<> start();
  // The end has two halves. First nothing new is claimed: no timer, no event, no row to forget; the relay goes on, for
  // calls that still run. Does not block.
  void request_stop();
  // Then, once no call runs any more: waits for what is in hand (the consumer leaves its group), calls remove(), and
  // ends the relay. May be called twice; a service with threads of its own also calls it from its destructor.
  void stop();

  const std::string& name() const { return identity_.name; }

 protected:
  // Where a service puts what is its own: RPCs, reactions, timers.
  virtual Result<> add() = 0;
  // Of a service whose database was restored from a backup, before it starts: how it takes back what it published and
  // has forgotten. One that says nothing here does not start then.
  virtual void take_back(events::OwnEvents&) {}
  // Reactions to what others have published meanwhile, under the names that they have in add(). What those did besides
  // keeping copies was published, and is taken back: they keep copies alone.
  virtual void keep_copies(events::Consumer&) {}
  // Once all of that is handled, before anything is served: what is left to do for the agency of the call.
  virtual Result<> settle(const Call&) { return {}; }
  // Its other end, in the same two halves: asks the service's own threads to take nothing new; later, once nothing
  // reacts and nothing fires any more, ends them. What only a firing gives work needs no asking.
  virtual void request_remove() {}
  virtual void remove() {}

  // A gRPC service of this service, served by verbs.
  command::Commands& serve(const std::string& full_name);

  Process& process() { return process_; }
  sql::Database& database() { return *database_; }
  events::Transactor& transactor() { return *transactor_; }
  // The same database by a few connections of their own, for what is nobody's call (events, timers, workers): callers
  // do not wait for it, nor it for them.
  events::Transactor& background_transactor() { return *background_transactor_; }
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
    config::Setting<int> background_pool_size;
    config::Setting<std::string> restored;
  };

  Result<> migrate();
  bool restored() const { return !(*settings_.restored).empty(); }
  events::Consumer::Options consumed() const;
  Result<> catch_up();
  Result<> take_in(const events::OwnEvents& own, const events::Consumer::Options& options);
  Result<> settle_all();
  std::vector<events::Topic> topics() const;
  sql::Database::Options database_options(int pool_size) const;
  void measure();
  void measure(const sql::Database& database, const std::string& pool);
  void measure(const timers::Timers& timers, const std::string& clock);

  Process& process_;
  const Identity identity_;
  Settings settings_;
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<sql::Database> background_database_;
  std::unique_ptr<sql::Database> upkeep_database_;  // the relay's and retention's, whose leases wait for nobody
  events::Outbox outbox_;
  std::unique_ptr<events::Transactor> transactor_;
  std::unique_ptr<events::Transactor> background_transactor_;
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

// The whole of main(): reads the settings, starts the services in order, serves until SIGTERM or SIGINT, then ends
// (Ending) within 25 s whatever is in hand, and leaves by _exit, since librdkafka 2.0.2 may hang in its destructors and
// nothing in memory is worth waiting for. Exit codes: 0 done, 1 could not start, 2 wrong settings.
int run(std::string_view program, std::string_view purpose, const std::vector<MakeService>& services, int argc,
        char** argv);

}  // namespace holdfast::app
