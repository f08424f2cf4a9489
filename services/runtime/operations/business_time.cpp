#include "runtime/operations/business_time.h"

#include "runtime/operations/clock.sql.h"
#include "runtime/sql/database.h"

namespace holdfast::operations {
namespace {

constexpr std::chrono::seconds patience{10};

Call own_call() { return service_call({}, "business clock", patience); }

// What is kept afterwards: the further of the two. Mostly nothing is to be written, and a start that writes waits for
// the disk.
Result<Duration> keep(sql::Database& database, Duration offset) {
  const auto before = TRY(database.read(
      own_call(), [](sql::Transaction& transaction) { return transaction.maybe<std::int64_t>(statements::kept); }));
  if (before && *before >= offset.count()) return Duration{*before};
  const auto kept = TRY(database.transact(own_call(), [&](sql::Transaction& transaction) {
    return transaction.one<std::int64_t>(statements::keep, std::int64_t{offset.count()});
  }));
  return Duration{kept};
}

}  // namespace

BusinessTime::BusinessTime(MovableClock& clock, const Clock& system_clock, Options options)
    : clock_(clock), system_clock_(system_clock), options_(options) {}

Result<> BusinessTime::keep_in(sql::Database& database, std::function<void()> moved) {
  const auto kept = TRY(keep(database, clock_.offset()));
  keepers_.push_back({database, std::move(moved)});
  advance(kept);
  return {};
}

void BusinessTime::watch() {
  if (!options_.movable) return;
  thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

void BusinessTime::stop() { thread_ = std::jthread(); }

Result<> BusinessTime::move_to(Instant to) {
  if (!options_.movable) return fail(Reason::clock_not_movable, "the business clock of this process stands fast");
  const auto offset = to - system_clock_.now();
  if (offset <= clock_.offset()) return {};
  for (const auto& keeper : keepers_) TRY(keep(keeper.database, offset));
  advance(offset);
  return {};
}

void BusinessTime::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (const auto looked = look(); !looked) {
      troubles_.warn("the business clock is not watched", {{"error", describe(looked.error())}});
    }
    std::unique_lock lock(mutex_);
    stopped_.wait_for(lock, stop, options_.poll, [] { return false; });
  }
}

Result<> BusinessTime::look() {
  for (const auto& keeper : keepers_) {
    const auto kept = TRY(keeper.database.read(
        own_call(), [](sql::Transaction& transaction) { return transaction.one<std::int64_t>(statements::kept); }));
    advance(Duration{kept});
  }
  return {};
}

void BusinessTime::advance(Duration offset) {
  {
    const std::lock_guard lock(mutex_);
    if (offset <= clock_.offset()) return;
    clock_.set_offset(offset);
  }
  for (const auto& keeper : keepers_) keeper.moved();
}

}  // namespace holdfast::operations
