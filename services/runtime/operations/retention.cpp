#include "runtime/operations/retention.h"

#include "runtime/operations/retention.sql.h"
#include "runtime/sql/database.h"

namespace holdfast::operations {
namespace {

constexpr std::chrono::seconds batch_patience{30};

}  // namespace

Retention::Retention(sql::Database& database, const Clock& system_clock, Options options)
    : database_(database),
      clock_(system_clock),
      options_(std::move(options)),
      lease_(database, options_.name, options_.lease) {}

Retention::~Retention() {
  if (thread_.joinable()) {
    thread_.request_stop();
    thread_.join();
  }
}

void Retention::start() {
  thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

void Retention::run(const std::stop_token& stop) {
  const log::Scope scope(options_.name);
  while (!stop.stop_requested()) {
    const auto forgotten = sweep(stop);
    if (!forgotten) troubles_.warn("old rows are not forgotten", {{"error", describe(forgotten.error())}});
    if (forgotten && *forgotten > 0) log::info("old rows were forgotten", {{"rows", *forgotten}});
    std::unique_lock lock(mutex_);
    stopped_.wait_for(lock, stop, options_.pause, [] { return false; });
  }
}

Result<std::int64_t> Retention::sweep(const std::stop_token& stop) {
  const auto inbox = TRY(forget(statements::forget_inbox, options_.inbox, stop));
  const auto requests = TRY(forget(statements::forget_requests, options_.requests, stop));
  return inbox + requests;
}

Result<std::int64_t> Retention::forget(const sql::Statement& rows, std::chrono::hours kept,
                                       const std::stop_token& stop) {
  const auto before = clock_.now() - kept;
  std::int64_t forgotten = 0;
  while (!stop.stop_requested() && lease_.hold()) {
    const auto call = service_call({}, options_.name, batch_patience);
    const auto batch = TRY(database_.transact(
        call, [&](sql::Transaction& transaction) { return transaction.exec(rows, before, options_.batch_rows); }));
    forgotten += batch;
    if (batch < options_.batch_rows) break;
  }
  return forgotten;
}

}  // namespace holdfast::operations
