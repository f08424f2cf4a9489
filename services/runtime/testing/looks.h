#pragma once

#include "runtime/sql/statement.h"

// What tests of all rooms ask their database for.
namespace holdfast::testing {

// What was published and waits for the relay, in its order: `std::string`.
inline constexpr sql::Statement outbox_types{"test.outbox_types", "SELECT type FROM runtime.outbox ORDER BY seq"};

// How many sessions wait for a lock: `std::int64_t`. So a test knows that another thread is held up, without a pause.
inline constexpr sql::Statement held_up{
    "test.held_up",
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"};

}  // namespace holdfast::testing
