#include "runtime/events/relay.h"

#include "runtime/events/lease.h"
#include "runtime/events/outbox.sql.h"
#include "runtime/events/rows.h"
#include "runtime/log/log.h"
#include "runtime/sql/database.h"

namespace holdfast::events {

Relay::Relay(sql::Database& database, Outbox& outbox, Options options)
    : database_(database),
      outbox_(outbox),
      options_(std::move(options)),
      lease_(std::make_unique<Lease>(database, options_.name, options_.lease)),
      producer_(options_.brokers) {}

Relay::~Relay() {
  if (thread_.joinable()) {
    thread_.request_stop();
    thread_.join();
  }
}

void Relay::start() {
  thread_ = std::jthread([this](std::stop_token stop) { run(std::move(stop)); });
}

void Relay::run(std::stop_token stop) {
  log::Repeated troubles(std::chrono::seconds(10));
  auto measure_at = std::chrono::steady_clock::now();
  while (!stop.stop_requested()) {
    if (std::chrono::steady_clock::now() >= measure_at) {
      measure_backlog();
      measure_at = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    }
    const bool ours = lease_->hold();
    const auto relayed = ours ? relay_once() : Result<size_t>(0);
    if (!relayed) troubles.warn("the outbox is not relayed", {{"error", describe(relayed.error())}});
    if (!relayed || *relayed == 0) outbox_.wait(ours ? options_.poll : options_.lease / 5, stop);
  }
}

void Relay::measure_backlog() {
  const auto call = service_call({}, options_.name, std::chrono::seconds(1));
  const auto backlog = database_.read(call, [](sql::Transaction& transaction) { return Outbox::backlog(transaction); });
  if (!backlog) return;  // the database is away; the last figures stand
  waiting_ = backlog->events;
  oldest_age_seconds_ = backlog->oldest_age_seconds;
}

Result<size_t> Relay::relay_once() {
  const auto call = service_call({}, options_.name, options_.patience);
  const auto batch = TRY(database_.read(call, [&](sql::Transaction& transaction) {
    return transaction.many<Queued>(statements::oldest, options_.batch_events);
  }));
  if (batch.empty()) return 0;
  const auto acknowledged = producer_.send(batch, options_.patience);
  if (!acknowledged.empty()) {
    TRY(database_.transact(
        call, [&](sql::Transaction& transaction) { return transaction.exec(statements::remove, acknowledged); }));
    sent_ += static_cast<std::int64_t>(acknowledged.size());
  }
  if (acknowledged.size() < batch.size()) return fail(Reason::dependency_unavailable, "Kafka did not take all events");
  return acknowledged.size();
}

}  // namespace holdfast::events
