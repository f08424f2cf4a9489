#include <gtest/gtest.h>

#include "runtime/migrations.h"
#include "runtime/testing/fake_clock.h"
#include "runtime/testing/temp_database.h"
#include "runtime/timers/timers.h"
#include "tickets/app/promises.h"
#include "tickets/app/tickets.h"
#include "tickets/migrations.h"
#include "tickets/store/constraints.h"

namespace holdfast::tickets {
namespace {

using namespace std::chrono_literals;
using events::UnitOfWork;

constexpr sql::Statement events_and_times{
    "test.events",
    "SELECT type || ' ' || to_char(occurred_at AT TIME ZONE 'UTC', 'HH24:MI:SS') FROM runtime.outbox ORDER BY seq"};

struct TicketLifeTest : ::testing::Test {
  static constexpr std::array components{sql::Migrations{"runtime", runtime::migrations},
                                         sql::Migrations{"tickets", migrations}};

  void SetUp() override {
    timers.on(std::string(promises_timer),
              [](UnitOfWork& work, Uuid id, Instant now) { return advance_promises(work, TicketId{id}, now); });
    const auto kept = transactor.run(call, [&](UnitOfWork& work) -> Result<> {
      CHECK_OK(keep_account(work, {account, "Acme", AccountStatus::active, owner, Tier::key, 1}));
      return keep_location(work, {location, account, "HQ", "America/New_York", 1});
    });
    ASSERT_TRUE(kept) << describe(kept.error());
    const auto opened = transactor.run(call, [&](UnitOfWork& work) {
      return open_ticket(work,
                         {.account_id = account, .location_id = location, .name = "Down", .priority = Priority::p1});
    });
    ASSERT_TRUE(opened) << describe(opened.error());
    ticket = *opened;
  }
  template <class Command>
  Result<Ticket> run(Result<Ticket> (*verb)(UnitOfWork&, const Command&), const Command& command) {
    return transactor.run(call, [&](UnitOfWork& work) { return verb(work, command); });
  }
  void fire() {
    const auto fired = timers.fire_due(promises_timer);
    ASSERT_TRUE(fired) << describe(fired.error());
  }
  // The events of the ticket since it was opened: "ticket-changed 14:00:00".
  std::vector<std::string> published() {
    auto rows = *database.read(call, [](sql::Transaction& tx) { return tx.many<std::string>(events_and_times); });
    rows.erase(rows.begin());
    for (auto& row : rows) {
      row.erase(0, std::string("holdfast.").size());
      row.erase(row.find(".v1"), 3);
    }
    return rows;
  }

  testing::TempDatabase temporary{components};
  sql::Database database{{.url = temporary.url(), .pool_size = 4, .constraints = constraints}};
  testing::FakeClock clock{*parse_instant("2026-01-05T14:00:00Z")};
  events::Outbox outbox;
  events::Transactor transactor{database, outbox, clock};
  timers::Timers timers{transactor, clock, {}};
  AgencyId agency{new_uuid()};
  Call call = service_call(agency, "test", 30s);
  AccountId account{new_uuid()};
  LocationId location{new_uuid()};
  StaffId owner{new_uuid()};
  Ticket ticket;
};

using Published = std::vector<std::string>;

TEST_F(TicketLifeTest, FromTakenToClosed) {
  clock.advance(5min);
  ASSERT_TRUE(run(assign_ticket, {.id = ticket.id, .owner_id = owner}));
  clock.advance(1h);
  ASSERT_TRUE(run(link_carrier_ticket, {.id = ticket.id, .carrier = "Lumen", .carrier_ticket = "L-1"}));
  ASSERT_TRUE(run(resolve_ticket, {.id = ticket.id, .resolution = "card replaced"}));
  const auto closed = run(close_ticket, {.id = ticket.id});
  ASSERT_TRUE(closed) << describe(closed.error());
  EXPECT_EQ(closed->status, TicketStatus::closed);
  EXPECT_EQ(closed->carrier_ticket, "L-1");
  EXPECT_EQ(published(), (Published{"sla-met 14:05:00", "ticket-status-changed 14:05:00", "ticket-changed 15:05:00",
                                    "sla-met 15:05:00", "ticket-status-changed 15:05:00", "ticket-resolved 15:05:00",
                                    "ticket-status-changed 15:05:00", "ticket-closed 15:05:00"}));
}

TEST_F(TicketLifeTest, ForgottenItWarnsAndBreaksAtTheInstantsPromisedHoweverLateTheTimerComes) {
  clock.advance(240h);
  fire();
  const Published all{"sla-warning 14:11:15", "sla-breached 14:15:00", "sla-warning 17:00:00", "sla-breached 18:00:00"};
  EXPECT_EQ(published(), all);
  clock.advance(24h);
  fire();
  EXPECT_EQ(published(), all) << "each once";
}

TEST_F(TicketLifeTest, PausedForTheCustomerNothingFallsDue) {
  ASSERT_TRUE(run(assign_ticket, {.id = ticket.id, .owner_id = owner}));
  ASSERT_TRUE(run(pause_ticket, {.id = ticket.id, .reason = PauseReason::pending_customer}));
  clock.advance(100h);
  fire();
  ASSERT_TRUE(run(resume_ticket, {.id = ticket.id}));
  EXPECT_EQ(published().size(), 4u);
  clock.advance(3h);
  fire();
  EXPECT_EQ(published().back(), "sla-warning 21:00:00");
}

TEST_F(TicketLifeTest, AStaleEtagAndAnIllegalStepLeaveNothing) {
  EXPECT_EQ(run(assign_ticket, {.id = ticket.id, .owner_id = owner, .etag = "7"}).error().reason, Reason::etag_stale);
  EXPECT_EQ(run(close_ticket, {.id = ticket.id}).error().reason, Reason::illegal_transition);
  EXPECT_EQ(run(close_ticket, {.id = TicketId{new_uuid()}}).error().reason, Reason::ticket_not_found);
  EXPECT_TRUE(published().empty());
}

}  // namespace
}  // namespace holdfast::tickets
