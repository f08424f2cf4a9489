#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "bench/things.h"
#include "runtime/events/unit_of_work.h"
#include "runtime/sql/database.h"
#include "runtime/testing/fake_clock.h"
#include "runtime/timers/timers.h"

// A sweep over many timers, of which few are due: what timers and growth measure.
namespace holdfast::bench {

// A subject a second from the epoch on, each with a stream of its own.
void fill(const Things& things, const Population& population);

// Effect, ledger row, event and next due, by a few statements for the slice.
Result<> fire_slice(std::span<timers::Firing> slice);
void in_slices(timers::Timers& timers);
// The same one by one, as most kinds do.
Result<std::optional<Instant>> fire_one(events::UnitOfWork& unit, Uuid subject, Instant now);

struct Sweep {
  explicit Sweep(const Things& things);

  // All that is due within so many seconds, from the hint until the last is committed.
  double per_second(std::int64_t due, const std::function<void(timers::Timers&)>& register_kind);
  // Milliseconds of each of so many looks that find nothing due.
  std::vector<double> looks_ms(int looks);

  testing::FakeClock clock;
  sql::Database database;
  events::Outbox outbox;
  events::Transactor transactor{database, outbox, clock};
};

}  // namespace holdfast::bench
