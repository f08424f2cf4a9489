#pragma once

#include "notifications/app/book.h"
#include "notifications/migrations.h"
#include "runtime/migrations.h"
#include "runtime/testing/fake_clock.h"
#include "runtime/testing/temp_database.h"

namespace holdfast::notifications {

// A database of the test's own in which one account, its location, its owner and their agency are known.
struct AgencyBook {
  static constexpr std::array components{sql::Migrations{"runtime", runtime::migrations},
                                         sql::Migrations{"notifications", migrations}};

  Result<> keep() {
    return transactor.run(call, [&](events::UnitOfWork& work) -> Result<> {
      CHECK_OK(keep_agency(work, {agency, "Harbor Voice & Data", 1}));
      CHECK_OK(keep_staff(work, owner));
      CHECK_OK(keep_account(work, {account, "Acme <Dental>", owner.id, 1}));
      return keep_location(work, {location, account, "HQ", 1});
    });
  }

  testing::TempDatabase temporary{components};
  sql::Database database{{.url = temporary.url(), .pool_size = 8, .constraints = {}}};
  testing::FakeClock clock{*parse_instant("2026-01-05T17:00:00Z")};  // noon in New York
  events::Outbox outbox;
  events::Transactor transactor{database, outbox, clock};
  AgencyId agency{new_uuid()};
  Call call = service_call(agency, "test", std::chrono::seconds(30));
  AccountId account{new_uuid()};
  LocationId location{new_uuid()};
  Staff owner{StaffId{new_uuid()}, "Ann Ng", "ann@agency.example", "America/New_York", 1};
};

}  // namespace holdfast::notifications
