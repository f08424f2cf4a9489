#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "all/tests/running_process.h"
#include "holdfast/tickets/v1/tickets.pb.h"
#include "runtime/rpc/client.h"
#include "runtime/sql/connection.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

// Blocks until a session of the database waits for the lock of a table.
void wait_for_a_waiter(sql::Connection& watching) {
  static constexpr sql::Statement waiters{
      "ending.waiters",
      "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'relation'"};
  const auto waiting = [&] {
    watching.enqueue(waiters, {}, {});
    return watching.flush()->size();
  };
  while (waiting() == 0) std::this_thread::yield();
}

TEST(Ending, ACallThatWaitsForALockDoesNotHoldItUp) {
  testing::RunningProcess running;
  const auto holder = *sql::Connection::open(running.database().owner_url(), {});
  const auto watching = *sql::Connection::open(running.database().owner_url(), {});
  ASSERT_TRUE(holder->run_script("BEGIN; LOCK TABLE tickets"));
  const AgencyId agency{new_uuid()};
  const auto client =
      *rpc::Client::open({.target = running.address(), .attempts = 1},
                         [&](const Call&) -> Result<std::string> { return "Bearer " + running.token(agency); });
  const auto call = service_call(agency, "test", 50s);
  auto listed = std::async(std::launch::async, [&] {
    return client.call<tickets::v1::ListTicketsResponse>("holdfast.tickets.v1.TicketService/ListTickets", call,
                                                         tickets::v1::ListTicketsRequest());
  });
  wait_for_a_waiter(*watching);
  running.process().drain(std::chrono::steady_clock::now());
  EXPECT_LT(std::chrono::steady_clock::now(), call.deadline) << "it was waited for as long as its caller waits";
  EXPECT_FALSE(listed.get());
  ASSERT_TRUE(holder->run_script("ROLLBACK"));
}

}  // namespace
}  // namespace holdfast
