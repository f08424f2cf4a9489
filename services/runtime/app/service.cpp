#include "runtime/app/service.h"

#include <algorithm>
#include <cmath>
#include <thread>

#include "runtime/events/topics.h"
#include "runtime/log/log.h"
#include "runtime/migrations.h"
#include "runtime/operations/agencies.h"

namespace holdfast::app {
namespace {

// libpq's own reading of `user=…` would need its parser; the role is asked from the server instead.
constexpr sql::Statement current_role{"app.current_role", "SELECT current_user::text"};

constexpr std::chrono::milliseconds catch_up_look{500};

constexpr int upkeep_pool_size = 2;  // one for the relay's thread, one for retention's

// Of what is settled after a database was restored: done in part it goes on with the next start.
Call settling(AgencyId agency) { return service_call(agency, "settle", std::chrono::hours(1)); }

}  // namespace

Service::Settings::Settings(const config::Section& section)
    : url(section, "url", config::required,
          "Connection string (libpq) of the service's own database, as its app role."),
      owner_url(section, "owner_url", config::required,
                "The same as the role that owns the tables: migrates, at start only."),
      pool_size(section, "pool_size", 16, {2, 200}, "Connections to PostgreSQL for calls."),
      background_pool_size(section, "background_pool_size", 4, {2, 50},
                           "Connections to PostgreSQL besides, for events, timers and workers."),
      restored(section, "restored", "",
               "A new word, such as the day, after this database was restored from a backup: before it serves, the "
               "service takes from Kafka what has happened since. Empty again after that; docs/operations.md.") {}

Service::Service(Process& process, Identity identity)
    : process_(process),
      identity_(std::move(identity)),
      settings_(process.settings().section(identity_.name + ".db")) {}

Service::~Service() { stop(); }

Result<> Service::open() {
  const log::Scope scope(identity_.name);
  database_ = std::make_unique<sql::Database>(database_options(*settings_.pool_size));
  background_database_ = std::make_unique<sql::Database>(database_options(*settings_.background_pool_size));
  upkeep_database_ = std::make_unique<sql::Database>(database_options(upkeep_pool_size));
  return migrate();
}

Result<> Service::start() {
  const log::Scope scope(identity_.name);
  CHECK_OK(process_.business_time().keep_in(*background_database_, [this] {
    if (business_timers_) business_timers_->wake();
  }));
  transactor_ = std::make_unique<events::Transactor>(*database_, outbox_, process_.business_clock());
  background_transactor_ =
      std::make_unique<events::Transactor>(*background_database_, outbox_, process_.business_clock());
  relay_ = std::make_unique<events::Relay>(
      *upkeep_database_, outbox_,
      events::Relay::Options{.name = identity_.name + ".relay", .brokers = process_.kafka(), .topics = topics()});
  consumer_ = std::make_unique<events::Consumer>(*background_transactor_, consumed());
  retention_ =
      std::make_unique<operations::Retention>(*upkeep_database_, process_.system_clock(),
                                              operations::Retention::Options{.name = identity_.name + ".retention"});
  CHECK_OK(add());
  measure();
  if (restored()) CHECK_OK(catch_up());
  relay_->start();
  if (business_timers_) business_timers_->start();
  if (system_timers_) system_timers_->start();
  if (!identity_.consumes.empty()) consumer_->start();
  retention_->start();
  process_.operations().add({.name = identity_.name,
                             .database = *database_,
                             .relay = *relay_,
                             .consumer = *consumer_,
                             .business_timers = business_timers_.get(),
                             .system_timers = system_timers_.get(),
                             .invariants = identity_.invariants});
  log::info("service started", {{"service", identity_.name}});
  return {};
}

void Service::request_stop() {
  if (business_timers_) business_timers_->request_stop();
  if (system_timers_) system_timers_->request_stop();
  if (consumer_) consumer_->request_stop();
  if (retention_) retention_->request_stop();
  request_remove();
}

void Service::stop() {
  request_stop();
  registrations_.clear();
  consumer_.reset();
  // Stopped, not gone: the service's own threads wake them until they end.
  if (business_timers_) business_timers_->stop();
  if (system_timers_) system_timers_->stop();
  retention_.reset();
  remove();
  business_timers_.reset();
  system_timers_.reset();
  relay_.reset();
}

// While the setting is there, a service is a group of another name, which begins with all that Kafka still has: the
// inbox remembers what was handled before the backup.
events::Consumer::Options Service::consumed() const {
  events::Consumer::Options options{
      .group = "holdfast." + identity_.name, .brokers = process_.kafka(), .topics = identity_.consumes};
  if (restored()) options.group += ".restored." + *settings_.restored;
  return options;
}

// Until what Kafka has by now is handled, of its own and of others: nothing is decided, fired or sent before.
Result<> Service::catch_up() {
  events::OwnEvents own;
  take_back(own);
  if (own.empty()) {
    return fail(Reason::setting_invalid,
                identity_.name + ".db.restored: this service cannot take back what it published");
  }
  auto options = consumed();
  for (const auto& topic : events::published_by(identity_.name)) {
    if (std::ranges::find(options.topics, topic) == options.topics.end()) options.topics.push_back(topic);
  }
  own.follow(*consumer_);  // to whose handlers dead letters go back
  CHECK_OK(take_in(own, options));
  CHECK_OK(own.settle(*background_transactor_, settling({})));
  return settle_all();
}

// By reactions that write what was published and publish nothing.
Result<> Service::take_in(const events::OwnEvents& own, const events::Consumer::Options& options) {
  events::Consumer consumer(*background_transactor_, options);
  const auto published = events::published_by(identity_.name);
  consumer.on(identity_.name + ".restored.stream", "",
              [published](events::UnitOfWork& work, const events::Event& event) -> Result<> {
                if (std::ranges::find(published, event.topic) == published.end()) return {};
                return events::Outbox::reach(work.transaction, event);
              });
  own.follow(consumer);
  keep_copies(consumer);
  events::GroupProgress progress(process_.kafka(), options.group, options.topics);
  const auto ends = TRY(progress.ends());
  consumer.start();
  for (;;) {
    const auto unhandled = TRY(progress.unhandled_before(ends));
    if (unhandled == 0) return {};
    log::info("a restored database catches up", {{"service", identity_.name}, {"events", unhandled}});
    std::this_thread::sleep_for(catch_up_look);
  }
}

Result<> Service::settle_all() {
  AgencyId place;
  for (;;) {
    const auto slice = TRY(operations::agencies_behind(*background_database_, settling({}), place));
    if (slice.empty()) return {};
    for (const auto agency : slice) CHECK_OK(settle(settling(agency)));
    place = slice.back();
  }
}

// Its own, and those it reacts to with their dead letters': whoever subscribes to a topic that is not there yet hears
// of it later, and what is poison must have somewhere to go.
std::vector<events::Topic> Service::topics() const {
  const auto partitions = *process_.own().kafka.partitions, replicas = *process_.own().kafka.replicas;
  auto topics = events::topics_of(identity_.name, partitions, replicas);
  for (const auto& name : identity_.consumes) {
    const bool listed = std::ranges::find(topics, name, &events::Topic::name) != topics.end();
    if (listed) continue;
    topics.push_back({.name = name, .partitions = partitions, .replicas = replicas});
    topics.push_back({.name = name + ".dlq", .partitions = 1, .replicas = replicas});
  }
  return topics;
}

sql::Database::Options Service::database_options(int pool_size) const {
  return {.url = settings_.url->reveal(), .pool_size = pool_size, .constraints = identity_.constraints};
}

Result<> Service::migrate() {
  const std::array components{sql::Migrations{"runtime", runtime::migrations},
                              sql::Migrations{identity_.name, identity_.migrations}};
  if (TRY(sql::is_migrated(*background_database_, components))) return {};
  const auto role = TRY(background_database_->read(
      service_call({}, "migrate", std::chrono::seconds(10)),
      [](sql::Transaction& transaction) { return transaction.one<std::string>(current_role); }));
  return sql::migrate(settings_.owner_url->reveal(), role, components);
}

command::Commands& Service::serve(const std::string& full_name) {
  auto& service = process_.server().add_service(full_name);
  return *commands_.emplace_back(std::make_unique<command::Commands>(service, *transactor_));
}

timers::Timers& Service::business_timers() {
  if (!business_timers_) {
    business_timers_ =
        std::make_unique<timers::Timers>(*background_transactor_, process_.business_clock(),
                                         timers::Timers::Options{.name = identity_.name + ".timers", .sweepers = 2});
  }
  return *business_timers_;
}

timers::Timers& Service::system_timers() {
  if (!system_timers_) {
    system_timers_ = std::make_unique<timers::Timers>(*background_transactor_, process_.system_clock(),
                                                      timers::Timers::Options{.name = identity_.name + ".timers"});
  }
  return *system_timers_;
}

void Service::measure() {
  const auto registry = process_.registry().labelled("service", identity_.name);
  const auto gauge = [&](const char* metric, const char* help, std::function<double()> value) {
    registrations_.push_back(registry.gauge_from(metric, help, {}, std::move(value)));
  };
  const auto counter = [&](const char* metric, const char* help, std::function<double()> value) {
    registrations_.push_back(registry.counter_from(metric, help, {}, std::move(value)));
  };
  counter("holdfast_relay_events_sent_total", "Events that this process has brought from the outbox to Kafka.",
          [this] { return static_cast<double>(relay_->sent()); });
  counter("holdfast_relay_events_parked_total", "Events that Kafka refused, set aside.",
          [this] { return static_cast<double>(relay_->parked()); });
  gauge("holdfast_outbox_events", "Events committed but not yet on Kafka; -1: another process relays them.",
        [this] { return static_cast<double>(relay_->backlog().events); });
  gauge("holdfast_outbox_oldest_age_seconds", "Age of the oldest event not yet on Kafka.",
        [this] { return relay_->backlog().oldest_age_seconds; });
  gauge("holdfast_consumer_lag_events", "Events on Kafka that this service has not yet handled; -1: unknown.",
        [this] { return static_cast<double>(consumer_->lag()); });
  // Neither is a matter of readiness. Calls need no events, and what keeps one replica from them (Kafka is away, an
  // event that waits) keeps all: nobody would be left to take a call, or to be asked what is wrong.
  gauge("holdfast_consumer_trouble", "1 while this process can take no events from Kafka and tries anew.",
        [this] { return consumer_->health() ? 0 : 1; });
  gauge("holdfast_consumer_waiting_seconds",
        "For how long the event has failed that holds up its partition for the longest; 0: none does.",
        [this] { return consumer_->waiting_seconds(); });
  counter("holdfast_consumer_dead_events_total", "Events set aside as poison.",
          [this] { return static_cast<double>(consumer_->dead()); });
  measure(*database_, "calls");
  measure(*background_database_, "background");
  measure(*upkeep_database_, "upkeep");
  if (business_timers_) measure(*business_timers_, "business");
  if (system_timers_) measure(*system_timers_, "system");
  registrations_.push_back(process_.readiness().require(identity_.name + ".database", [this]() -> Result<> {
    if (relay_->reaches_database()) return {};
    return fail(Reason::database_unavailable, "PostgreSQL did not answer the last statement");
  }));
}

void Service::measure(const sql::Database& database, const std::string& pool) {
  const auto registry = process_.registry().labelled("service", identity_.name).labelled("pool", pool);
  const auto gauge = [&](const char* metric, const char* help, std::function<double()> value,
                         const metrics::Labels& labels = {}) {
    registrations_.push_back(registry.gauge_from(metric, help, labels, std::move(value)));
  };
  constexpr auto connections = "holdfast_database_connections";
  constexpr auto connections_help = "Connections to PostgreSQL, by what they do.";
  gauge(connections, connections_help, [&database] { return database.pool_use().idle; }, {{"state", "idle"}});
  gauge(connections, connections_help,
        [&database] {
          const auto use = database.pool_use();
          return use.open - use.idle;
        },
        {{"state", "busy"}});
  gauge("holdfast_database_connections_limit", "Connections to PostgreSQL at most.",
        [&database] { return database.options().pool_size; });
  gauge("holdfast_database_waiting_calls", "Who waits for a connection.",
        [&database] { return database.pool_use().waiting; });
}

void Service::measure(const timers::Timers& timers, const std::string& clock) {
  const auto registry = process_.registry().labelled("service", identity_.name).labelled("clock", clock);
  // Of a kind: what was counted, or "not a number" while that is not known.
  const auto gauge = [&](const char* metric, const char* help, const std::string& kind, auto value_of) {
    registrations_.push_back(registry.gauge_from(metric, help, {{"kind", kind}}, [&timers, kind, value_of] {
      const auto counted = timers.counted(kind);
      return counted ? static_cast<double>(value_of(*counted)) : std::nan("");
    }));
  };
  for (const auto& kind : timers.kinds()) {
    gauge("holdfast_timers_due_subjects", "Subjects whose timer has come; counted up to 10000.", kind,
          [](const timers::Backlog& backlog) { return backlog.due; });
    gauge("holdfast_timers_late_seconds", "By how much the oldest timer that has come is late.", kind,
          [](const timers::Backlog& backlog) { return backlog.late_seconds; });
    gauge("holdfast_timers_failing_subjects", "Subjects whose timer could not be fired.", kind,
          [](const timers::Backlog& backlog) { return backlog.failing; });
  }
  registrations_.push_back(registry.counter_from("holdfast_timers_fired_total", "Timers fired.", {},
                                                 [&timers] { return static_cast<double>(timers.fired()); }));
  registrations_.push_back(registry.counter_from("holdfast_timers_failed_total", "Firings that were put back.", {},
                                                 [&timers] { return static_cast<double>(timers.failed()); }));
}

}  // namespace holdfast::app
