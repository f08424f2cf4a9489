#include <gtest/gtest.h>

#include <future>
#include <latch>
#include <thread>

#include "all/tests/belongings.h"
#include "runtime/app/service.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

struct Idle : app::Service {
  explicit Idle(app::Process& process) : app::Service(process, {.name = "tickets"}) {}
  Result<> add() override { return {}; }
  using app::Service::background_transactor;
};

// When the relay's lease ends if it is not renewed; empty before it was taken.
std::string end_of_lease(sql::Connection& watching) {
  static constexpr sql::Statement ends{"pools.ends",
                                       "SELECT expires_at::text FROM runtime.leases WHERE name = 'tickets.relay'"};
  watching.enqueue(ends, {}, {});
  const auto rows = *watching.flush();
  return rows.size() == 0 ? std::string() : std::string(*rows.cell(0, 0));
}

TEST(Pools, BackgroundWorkDoesNotHoldUpTheRelayAndItsLease) {
  const testing::Belongings belongings;
  auto environment = belongings.environment({"TICKETS"});
  environment["HOLDFAST_TICKETS_DB_BACKGROUND_POOL_SIZE"] = "2";
  app::Process process;
  Idle service(process);
  ASSERT_TRUE(process.settings().load({}, environment));
  ASSERT_TRUE(process.prepare());
  ASSERT_TRUE(service.open());
  const auto started = service.start();
  ASSERT_TRUE(started) << describe(started.error());

  std::latch busy{2}, enough{1};
  const auto call = service_call(AgencyId{new_uuid()}, "test", 30s);
  const auto work = [&] {
    return service.background_transactor().run(call, [&](events::UnitOfWork&) -> Result<> {
      busy.count_down();
      enough.wait();
      return {};
    });
  };
  std::array working{std::async(std::launch::async, work), std::async(std::launch::async, work)};
  busy.wait();
  const auto watching = *sql::Connection::open(belongings.database().owner_url(), {});
  const auto before = end_of_lease(*watching);
  auto now = before;
  while (now == before && std::chrono::steady_clock::now() < call.deadline) now = end_of_lease(*watching);
  enough.count_down();
  EXPECT_NE(now, before) << "it was not renewed while all connections for background work were in use";
  for (auto& each : working) EXPECT_TRUE(each.get());
}

}  // namespace
}  // namespace holdfast
