#include <gtest/gtest.h>

#include "runtime/migrations.h"
#include "runtime/testing/fake_clock.h"
#include "runtime/testing/looks.h"
#include "runtime/testing/temp_database.h"
#include "tickets/app/tickets.h"
#include "tickets/migrations.h"
#include "tickets/store/constraints.h"

namespace holdfast::tickets {
namespace {

using namespace std::chrono_literals;
using events::UnitOfWork;

using testing::outbox_types;

struct OpenTicketTest : ::testing::Test {
  static constexpr std::array components{sql::Migrations{"runtime", runtime::migrations},
                                         sql::Migrations{"tickets", migrations}};

  void SetUp() override {
    const auto kept = transactor.run(call, [&](UnitOfWork& work) -> Result<> {
      CHECK_OK(keep_account(work, {account, "Acme", AccountStatus::active, owner, Tier::key, 1}));
      CHECK_OK(keep_location(work, {location, account, "HQ", "America/New_York", 1}));
      return keep_contact(work, {contact, account, "Jan", 1});
    });
    ASSERT_TRUE(kept) << describe(kept.error());
  }
  Result<Ticket> open(const OpenTicket& command) { return open_as(call, command); }
  Result<Ticket> open_as(const Call& as, const OpenTicket& command) {
    return transactor.run(as, [&](UnitOfWork& work) { return open_ticket(work, command); });
  }
  std::vector<std::string> published() {
    return *database.read(call, [](sql::Transaction& tx) { return tx.many<std::string>(outbox_types); });
  }

  testing::TempDatabase temporary{components};
  sql::Database database{{.url = temporary.url(), .pool_size = 4, .constraints = constraints}};
  testing::FakeClock clock{*parse_instant("2026-01-05T09:00:00Z")};
  events::Outbox outbox;
  events::Transactor transactor{database, outbox, clock};
  AgencyId agency{new_uuid()};
  Call call = service_call(agency, "test", 30s);
  AccountId account{new_uuid()};
  LocationId location{new_uuid()};
  ContactId contact{new_uuid()};
  StaffId owner{new_uuid()};
  OpenTicket command{.account_id = account,
                     .location_id = location,
                     .contact_id = contact,
                     .name = "Circuit down",
                     .priority = Priority::p1};
};

TEST_F(OpenTicketTest, StoresTheTicketAndPublishesIt) {
  const auto ticket = open(command);
  ASSERT_TRUE(ticket) << describe(ticket.error());
  EXPECT_EQ(ticket->status, TicketStatus::acknowledged);
  EXPECT_EQ(ticket->owner_id, owner);
  EXPECT_EQ(ticket->opened_at, clock.now());
  const auto read = database.read(call, [&](sql::Transaction& tx) { return get_ticket(tx, {ticket->id}); });
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, *ticket);
  EXPECT_EQ(published(), std::vector<std::string>{"holdfast.ticket-opened.v1"});
}

TEST_F(OpenTicketTest, ARefusalLeavesNothing) {
  auto unknown = command;
  unknown.account_id = AccountId{new_uuid()};
  EXPECT_EQ(open(unknown).error().reason, Reason::account_not_found);
  auto elsewhere = command;
  elsewhere.location_id = LocationId{new_uuid()};
  EXPECT_EQ(open(elsewhere).error().reason, Reason::location_not_found);
  EXPECT_TRUE(published().empty());
}

TEST_F(OpenTicketTest, TheSameIdIsOpenedOnce) {
  auto named = command;
  named.id = TicketId{new_uuid()};
  ASSERT_TRUE(open(named));
  EXPECT_EQ(open(named).error().reason, Reason::already_exists);
  EXPECT_EQ(published().size(), 1u);
}

TEST_F(OpenTicketTest, AnotherAgencySeesNeitherAccountNorTicket) {
  const auto other = service_call(AgencyId{new_uuid()}, "test", 30s);
  EXPECT_EQ(open_as(other, command).error().reason, Reason::account_not_found);
  const auto ticket = open(command);
  const auto read = database.read(other, [&](sql::Transaction& tx) { return get_ticket(tx, {ticket->id}); });
  EXPECT_EQ(read.error().reason, Reason::ticket_not_found);
}

TEST_F(OpenTicketTest, AnOlderCopyNeverReplacesANewerOne) {
  const auto keep = [&](AccountStatus status, std::int64_t version) {
    return transactor.run(call, [&](UnitOfWork& work) {
      return keep_account(work, {account, "Acme", status, owner, Tier::key, version});
    });
  };
  ASSERT_TRUE(keep(AccountStatus::closed, 3));
  ASSERT_TRUE(keep(AccountStatus::active, 2));
  EXPECT_EQ(open(command).error().reason, Reason::account_closed);
}

}  // namespace
}  // namespace holdfast::tickets
