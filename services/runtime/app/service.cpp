#include "runtime/app/service.h"

#include <algorithm>

#include "runtime/events/topics.h"
#include "runtime/log/log.h"
#include "runtime/migrations.h"

namespace holdfast::app {
namespace {

using namespace std::chrono_literals;

constexpr auto topic_patience = 30s;

// libpq's own reading of `user=…` would need its parser; the role is asked from the server instead.
constexpr sql::Statement current_role{"app.current_role", "SELECT current_user::text"};

}  // namespace

Service::Settings::Settings(const config::Section& section)
    : url(section, "url", config::required,
          "Connection string (libpq) of the service's own database, as its app role."),
      owner_url(section, "owner_url", config::required,
                "The same as the role that owns the tables: migrates, at start only."),
      pool_size(section, "pool_size", 16, {2, 200}, "Connections kept to PostgreSQL.") {}

Service::Service(Process& process, Identity identity)
    : process_(process),
      identity_(std::move(identity)),
      settings_(process.settings().section(identity_.name + ".db")) {}

Service::~Service() { stop(); }

Result<> Service::start() {
  const log::Scope scope(identity_.name);
  database_ = std::make_unique<sql::Database>(sql::Database::Options{
      .url = settings_.url->reveal(), .pool_size = *settings_.pool_size, .constraints = identity_.constraints});
  CHECK_OK(migrate());
  CHECK_OK(process_.business_time().keep_in(*database_, [this] {
    if (business_timers_) business_timers_->wake();
  }));
  transactor_ = std::make_unique<events::Transactor>(*database_, outbox_, process_.business_clock());
  const auto& own = process_.own();
  CHECK_OK(create_topics());
  relay_ = std::make_unique<events::Relay>(
      *database_, outbox_, events::Relay::Options{.name = identity_.name + ".relay", .brokers = *own.kafka_brokers});
  consumer_ =
      std::make_unique<events::Consumer>(*transactor_, events::Consumer::Options{.group = "holdfast." + identity_.name,
                                                                                 .brokers = *own.kafka_brokers,
                                                                                 .topics = identity_.consumes});
  retention_ = std::make_unique<operations::Retention>(
      *database_, process_.system_clock(), operations::Retention::Options{.name = identity_.name + ".retention"});
  CHECK_OK(add());
  measure();
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

void Service::stop() {
  registrations_.clear();
  consumer_.reset();
  business_timers_.reset();
  system_timers_.reset();
  retention_.reset();
  remove();
  relay_.reset();
}

// Its own, and those it reacts to with their dead letters': whoever subscribes to a topic that is not there yet hears
// of it minutes later, and what is poison must have somewhere to go.
Result<> Service::create_topics() {
  const auto& own = process_.own();
  auto topics = events::topics_of(identity_.name, *own.kafka_partitions, *own.kafka_replicas);
  for (const auto& name : identity_.consumes) {
    const bool listed = std::ranges::find(topics, name, &events::Topic::name) != topics.end();
    if (listed) continue;
    topics.push_back({.name = name, .partitions = *own.kafka_partitions, .replicas = *own.kafka_replicas});
    topics.push_back({.name = name + ".dlq", .partitions = 1, .replicas = *own.kafka_replicas});
  }
  return events::create_topics(*own.kafka_brokers, topics, topic_patience);
}

Result<> Service::migrate() {
  auto session = TRY(sql::Connection::open(settings_.url->reveal(), {}));
  session->enqueue(current_role, {}, {});
  const auto rows = TRY(session->flush());
  const std::array components{sql::Migrations{"runtime", runtime::migrations},
                              sql::Migrations{identity_.name, identity_.migrations}};
  return sql::migrate(settings_.owner_url->reveal(), std::string(rows.cell(0, 0).value_or("")), components);
}

command::Commands& Service::serve(const std::string& full_name) {
  auto& service = process_.server().add_service(full_name);
  return *commands_.emplace_back(std::make_unique<command::Commands>(service, *transactor_));
}

timers::Timers& Service::business_timers() {
  if (!business_timers_) {
    business_timers_ =
        std::make_unique<timers::Timers>(*transactor_, process_.business_clock(),
                                         timers::Timers::Options{.name = identity_.name + ".timers", .sweepers = 2});
  }
  return *business_timers_;
}

timers::Timers& Service::system_timers() {
  if (!system_timers_) {
    system_timers_ = std::make_unique<timers::Timers>(*transactor_, process_.system_clock(),
                                                      timers::Timers::Options{.name = identity_.name + ".timers"});
  }
  return *system_timers_;
}

void Service::measure() {
  const auto registry = process_.registry().labelled("service", identity_.name);
  const auto gauge = [&](const char* metric, const char* help, std::function<double()> value) {
    registrations_.push_back(registry.gauge_from(metric, help, {}, std::move(value)));
  };
  gauge("holdfast_database_connections", "Connections open to PostgreSQL.",
        [this] { return database_->pool_use().open; });
  gauge("holdfast_database_waiting", "Callers waiting for a connection.",
        [this] { return database_->pool_use().waiting; });
  gauge("holdfast_relay_events_sent", "Events that this process has brought from the outbox to Kafka.",
        [this] { return static_cast<double>(relay_->sent()); });
  gauge("holdfast_outbox_events", "Events committed but not yet on Kafka.",
        [this] { return static_cast<double>(relay_->backlog().events); });
  gauge("holdfast_outbox_oldest_age_seconds", "Age of the oldest event not yet on Kafka.",
        [this] { return relay_->backlog().oldest_age_seconds; });
  gauge("holdfast_consumer_lag_events", "Events on Kafka that this service has not yet handled; -1: unknown.",
        [this] { return static_cast<double>(consumer_->lag()); });
  gauge("holdfast_consumer_dead_events", "Events set aside as poison since the start.",
        [this] { return static_cast<double>(consumer_->dead()); });
}

}  // namespace holdfast::app
