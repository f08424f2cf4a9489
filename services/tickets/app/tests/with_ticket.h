#pragma once

#include <gtest/gtest.h>

#include "runtime/migrations.h"
#include "runtime/testing/fake_clock.h"
#include "runtime/testing/temp_database.h"
#include "runtime/timers/timers.h"
#include "tickets/app/auto_close.h"
#include "tickets/app/promises.h"
#include "tickets/app/register_timers.h"
#include "tickets/app/tickets.h"
#include "tickets/migrations.h"
#include "tickets/store/constraints.h"

namespace holdfast::tickets {

using namespace std::chrono_literals;
using events::UnitOfWork;

inline constexpr sql::Statement events_and_times{
    "test.events",
    "SELECT type || ' ' || to_char(occurred_at AT TIME ZONE 'UTC', 'HH24:MI:SS') FROM runtime.outbox ORDER BY seq"};

// A ticket of a key account's, opened on a Monday at 9 in New York, and a clock to move.
struct WithTicket : ::testing::Test {
  static constexpr std::array components{sql::Migrations{"runtime", runtime::migrations},
                                         sql::Migrations{"tickets", migrations}};

  void SetUp() override {
    register_timers(timers);
    const auto kept = transactor.run(call, [&](UnitOfWork& work) -> Result<> {
      CHECK_OK(keep_staff(work, {owner, 1}));
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
  template <class Answer, class Query>
  Answer ask(Result<Answer> (*verb)(sql::Transaction&, const Query&), const Query& query) {
    return *database.read(call, [&](sql::Transaction& transaction) { return verb(transaction, query); });
  }
  // Whatever is due, of every kind that the service has.
  void fire() {
    for (const auto& kind : timers.kinds()) {
      const auto fired = timers.fire_due(kind);
      ASSERT_TRUE(fired) << describe(fired.error());
    }
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

}  // namespace holdfast::tickets
