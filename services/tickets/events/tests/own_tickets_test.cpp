#include "tickets/events/own_tickets.h"

#include <gtest/gtest.h>

#include "runtime/migrations.h"
#include "runtime/testing/fake_clock.h"
#include "runtime/testing/temp_database.h"
#include "tickets/app/tickets.h"
#include "tickets/migrations.h"

namespace holdfast::tickets {
namespace {

constexpr sql::Statement published{"test.published", "SELECT count(*) FROM runtime.outbox"};
constexpr sql::Statement breached{"test.breached",
                                  "SELECT count(*) FROM sla_clocks WHERE ticket_id = $1::uuid AND breached"};
constexpr sql::Statement armed{"test.armed",
                               "SELECT count(*) FROM runtime.timers WHERE subject_id = $1::uuid AND kind = $2::text"};

// A database that was restored from before its ticket was opened; events come as they were published.
struct OwnTicketsTest : ::testing::Test {
  static constexpr std::array components{sql::Migrations{"runtime", runtime::migrations},
                                         sql::Migrations{"tickets", migrations}};

  void SetUp() override {
    events::OwnEvents own;
    take_back_tickets(own);
    own.follow(consumer);
  }

  void know_account() {
    const Account account{ticket.account_id, "Acme", AccountStatus::active, ticket.owner_id, Tier::standard, 1};
    ASSERT_TRUE(transactor.run(call, [&](events::UnitOfWork& work) { return keep_account(work, account); }));
  }
  template <class Fact>
  Result<> hear(const std::string& name, const Fact& fact, Instant at) {
    return consumer.handle("tickets.take_back." + name, events::encode(fact, agency, at));
  }
  Ticket stored() {
    return *transactor.run(call, [&](events::UnitOfWork& work) { return get_ticket(work.transaction, {ticket.id}); });
  }
  template <class... Arguments>
  std::int64_t count(const sql::Statement& statement, const Arguments&... arguments) {
    return *database.read(call, [&](sql::Transaction& tx) { return tx.one<std::int64_t>(statement, arguments...); });
  }

  testing::TempDatabase temporary{components};
  sql::Database database{{.url = temporary.url(), .pool_size = 4, .constraints = {}}};
  testing::FakeClock clock{*parse_instant("2026-01-06T09:00:00Z")};
  events::Outbox outbox;
  events::Transactor transactor{database, outbox, clock};
  events::Consumer consumer{transactor, {.group = "test"}};
  AgencyId agency{new_uuid()};
  Call call = service_call(agency, "test", std::chrono::seconds(30));
  const Instant opened_at = *parse_instant("2026-01-05T15:00:00Z");
  Ticket ticket{.id = TicketId{new_uuid()},
                .account_id = AccountId{new_uuid()},
                .location_id = {},
                .contact_id = {},
                .name = "Down",
                .description = {},
                .priority = Priority::p1,
                .status = TicketStatus::acknowledged,
                .owner_id = StaffId{new_uuid()},
                .opened_at = opened_at,
                .pause_reason = {},
                .resolution = {},
                .resolved_at = {},
                .carrier = {},
                .carrier_ticket = {},
                .version = 1};
};

TEST_F(OwnTicketsTest, ATicketIsWhatItsLastEventSaysAndNothingIsToldAgain) {
  EXPECT_EQ(hear("TicketOpened", TicketOpened{ticket}, opened_at).error().reason, Reason::dependency_unavailable)
      << "its account has not come yet: it waits";
  know_account();
  ASSERT_TRUE(hear("TicketOpened", TicketOpened{ticket}, opened_at));
  EXPECT_EQ(stored(), ticket);
  EXPECT_EQ(count(armed, ticket.id.uuid, std::string("tickets.promises")), 1);
  auto resolved = ticket;
  resolved.status = TicketStatus::resolved;
  resolved.resolution = "a card was replaced";
  resolved.resolved_at = opened_at + std::chrono::minutes(5);
  resolved.version = 3;
  ASSERT_TRUE(hear("TicketResolved", TicketResolved{resolved}, *resolved.resolved_at));
  EXPECT_EQ(stored(), resolved);
  EXPECT_EQ(count(armed, ticket.id.uuid, std::string("tickets.auto_close")), 1);
  EXPECT_EQ(count(breached, ticket.id.uuid), 0) << "it was resolved in time, though that is long ago";
  ASSERT_TRUE(hear("TicketOpened", TicketOpened{ticket}, opened_at));
  EXPECT_EQ(stored(), resolved) << "an older event takes nothing away";
  EXPECT_EQ(count(published), 0);
}

TEST_F(OwnTicketsTest, APromiseThatWasSaidToBeBrokenIsNotBrokenAgain) {
  know_account();
  ASSERT_TRUE(hear("TicketOpened", TicketOpened{ticket}, opened_at));
  EXPECT_EQ(count(breached, ticket.id.uuid), 0);
  const auto late = opened_at + std::chrono::hours(1);
  ASSERT_TRUE(hear("SlaBreached", SlaBreached{ticket, PromiseName::acknowledge, -1}, late));
  EXPECT_EQ(count(breached, ticket.id.uuid), 1);
  EXPECT_EQ(count(published), 0);
}

}  // namespace
}  // namespace holdfast::tickets
