#pragma once

#include <gtest/gtest.h>

#include "contracts/app/contracts.h"
#include "contracts/migrations.h"
#include "contracts/store/constraints.h"
#include "runtime/migrations.h"
#include "runtime/testing/fake_clock.h"
#include "runtime/testing/looks.h"
#include "runtime/testing/temp_database.h"

namespace holdfast::contracts {

using testing::held_up;
using testing::outbox_types;

// An account with one location in New York on a database of its own, and a clock that the test moves.
struct Book : ::testing::Test {
  static constexpr std::array components{sql::Migrations{"runtime", runtime::migrations},
                                         sql::Migrations{"contracts", migrations}};

  void SetUp() override {
    const auto kept = transactor.run(call, [&](events::UnitOfWork& work) -> Result<> {
      CHECK_OK(keep_account(work, {account, "Acme", AccountStatus::active, Tier::standard, owner, 1}));
      return keep_location(work, {location, account, "HQ", "America/New_York", 1});
    });
    ASSERT_TRUE(kept) << describe(kept.error());
  }

  // A verb as its RPC runs it.
  template <class Verb, class Command>
  auto run(Verb verb, const Command& command) {
    return run_as(call, verb, command);
  }
  template <class Verb, class Command>
  auto run_as(const Call& as, Verb verb, const Command& command) {
    return transactor.run(as, [&](events::UnitOfWork& work) { return verb(work, command); });
  }
  template <class Verb, class Query>
  auto ask(Verb verb, const Query& query) {
    return ask_as(call, verb, query);
  }
  template <class Verb, class Query>
  auto ask_as(const Call& as, Verb verb, const Query& query) {
    return database.read(as, [&](sql::Transaction& transaction) {
      if constexpr (std::is_invocable_v<Verb, sql::Transaction&, const Query&>) {
        return verb(transaction, query);
      } else {
        return verb(transaction, query, clock.now());
      }
    });
  }

  // Ends 2026-12-31, notice until 2026-11-01.
  CreateContract yearly(std::string number = "C-1") {
    return {.number = std::move(number),
            .account_id = account,
            .carrier_name = "Lumen",
            .mrc = Money{52'170, "USD"},
            .plan = {.term_start = *parse_date("2026-01-01"),
                     .term_months = 12,
                     .end_of_term_action = EndOfTermAction::auto_renew,
                     .notice_value = 60,
                     .notice_unit = NoticeUnit::calendar_days}};
  }
  Contract created(const CreateContract& command) {
    auto contract = run(create_contract, command);
    EXPECT_TRUE(contract) << describe(contract.error());
    return contract ? *std::move(contract) : Contract{};
  }

  testing::TempDatabase temporary{components};
  sql::Database database{{.url = temporary.url(), .pool_size = 4, .constraints = constraints}};
  testing::FakeClock clock{*parse_instant("2026-01-05T14:00:00Z")};
  events::Outbox outbox;
  events::Transactor transactor{database, outbox, clock};
  AgencyId agency{new_uuid()};
  Call call = service_call(agency, "test", std::chrono::seconds(60));
  Call other_agency = service_call(AgencyId{new_uuid()}, "test", std::chrono::seconds(60));
  AccountId account{new_uuid()};
  LocationId location{new_uuid()};
  StaffId owner{new_uuid()};
};

}  // namespace holdfast::contracts
