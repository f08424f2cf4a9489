#pragma once

#include <gtest/gtest.h>

#include "accounts/app/accounts.h"
#include "accounts/app/agencies.h"
#include "accounts/migrations.h"
#include "accounts/store/constraints.h"
#include "runtime/migrations.h"
#include "runtime/testing/fake_clock.h"
#include "runtime/testing/looks.h"
#include "runtime/testing/temp_database.h"

namespace holdfast::accounts {

using namespace std::chrono_literals;
using events::UnitOfWork;

// A database with one agency in it, and a way to run verbs for it or for another.
struct WithAgency : ::testing::Test {
  static constexpr std::array components{sql::Migrations{"runtime", runtime::migrations},
                                         sql::Migrations{"accounts", migrations}};
  static constexpr sql::Statement outbox_payloads{
      "test.outbox_payloads", "SELECT payload FROM runtime.outbox WHERE type = $1::text ORDER BY seq"};
  static constexpr sql::Statement empty_outbox{"test.empty_outbox", "DELETE FROM runtime.outbox"};

  void SetUp() override {
    const auto made = make_agency(call);
    ASSERT_TRUE(made) << describe(made.error());
    owner = made->staff.id;
    first_key = made->key;
    take_published();
  }

  template <class Verb, class Command>
  auto run(Verb verb, const Command& command) {
    return run_as(call, verb, command);
  }
  template <class Verb, class Command>
  auto run_as(const Call& as, Verb verb, const Command& command) {
    return transactor.run(as, [&](UnitOfWork& work) { return verb(work, command); });
  }
  template <class Verb, class Query>
  auto ask(Verb verb, const Query& query) {
    return ask_as(call, verb, query);
  }
  template <class Verb, class Query>
  auto ask_as(const Call& as, Verb verb, const Query& query) {
    return database.read(as, [&](sql::Transaction& transaction) { return verb(transaction, query); });
  }

  // For queries that take the time.
  template <class Verb, class Query>
  auto ask_now(Verb verb, const Query& query) {
    return database.read(call, [&](sql::Transaction& transaction) { return verb(transaction, query, clock.now()); });
  }

  Result<NewAgency> make_agency(const Call& as) {
    return run_as(as, create_agency,
                  CreateAgency{.name = "Best Telecom",
                               .time_zone = "America/New_York",
                               .staff_name = "Kim",
                               .staff_email = "kim@best.example"});
  }
  AccountId make_account(const std::string& name, std::optional<AccountId> parent = {}) {
    const auto account = run(create_account, CreateAccount{.name = name, .owner_id = owner, .parent_id = parent});
    EXPECT_TRUE(account) << describe(account.error());
    return account ? account->id : AccountId{};
  }

  // The types of the events published since the last time.
  std::vector<std::string> take_published() {
    return *database.transact(call, [](sql::Transaction& transaction) -> Result<std::vector<std::string>> {
      auto types = TRY((transaction.many<std::string>(testing::outbox_types)));
      CHECK_OK(transaction.exec(empty_outbox));
      return types;
    });
  }

  // The only event published since the last time, which is a Fact.
  template <class Fact>
  Fact take_event() {
    const auto type = events::type_of(wire::prototype(Fields<Fact>::message));
    const auto payloads = *database.read(
        call, [&](sql::Transaction& transaction) { return transaction.many<sql::Bytes>(outbox_payloads, type); });
    EXPECT_EQ(take_published(), std::vector{type});
    if (payloads.size() != 1) return {};
    return *events::decode<Fact>(events::Event{.agency = agency, .type = type, .payload = payloads.front().data});
  }

  testing::TempDatabase temporary{components};
  sql::Database database{{.url = temporary.url(), .pool_size = 4, .constraints = constraints}};
  testing::FakeClock clock{*parse_instant("2026-01-05T09:00:00Z")};
  events::Outbox outbox;
  events::Transactor transactor{database, outbox, clock};
  AgencyId agency{new_uuid()};
  Call call = service_call(agency, "test", 10min);
  Call stranger = service_call(AgencyId{new_uuid()}, "test", 10min);
  StaffId owner;
  std::string first_key;
};

}  // namespace holdfast::accounts
