#pragma once

#include <cstdint>
#include <string>

#include "bench/things.h"
#include "runtime/events/unit_of_work.h"
#include "runtime/sql/database.h"

namespace holdfast::bench {

// Events that lie on a topic of their own, scattered over the things: what a handler catches up with.
class Backlog {
 public:
  static constexpr std::int64_t events = 5000;

  Backlog(const Things& things, const Population& population);

  // A handler that keeps a row of each, as copies are kept; from a tenth of the events to the last.
  double handled_per_second(size_t batch_events);

 private:
  void publish(const Population& population);

  const std::string brokers_;
  const std::string topic_;
  SystemClock clock_;
  sql::Database database_;
  events::Outbox outbox_;
  events::Transactor transactor_{database_, outbox_, clock_};
};

}  // namespace holdfast::bench
