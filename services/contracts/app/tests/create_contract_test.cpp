#include <future>

#include "contracts/app/tests/book.h"

namespace holdfast::contracts {
namespace {

constexpr sql::Statement timers_of{"test.timers", "SELECT next_due FROM runtime.timers WHERE subject_id = $1::uuid"};

struct CreateContractTest : Book {
  // Until it waits for a lock; or is through, which a test sees by what came of it.
  template <class Future>
  void wait_until_held_up(const Future& other) {
    using std::chrono::seconds;
    while (other.wait_for(seconds{0}) != std::future_status::ready) {
      const auto waiting =
          database.read(call, [](sql::Transaction& transaction) { return transaction.many<std::int64_t>(held_up); });
      if (waiting->at(0) > 0) return;
    }
  }
  std::vector<std::string> published() {
    return *database.read(call, [](sql::Transaction& tx) { return tx.many<std::string>(outbox_types); });
  }
  std::vector<Instant> timers(const Contract& contract) {
    return *database.read(call, [&](sql::Transaction& tx) { return tx.many<Instant>(timers_of, contract.id); });
  }
};

TEST_F(CreateContractTest, StoresTheContractWithItsTermAndDeadline) {
  const auto contract = created(yearly());
  EXPECT_EQ(contract.state, Lifecycle::active);
  EXPECT_EQ(contract.term_phase, TermPhase::initial_term);
  EXPECT_EQ(format_date(*contract.current_term->end), "2026-12-31");
  EXPECT_EQ(format_date(*contract.current_term->notice_deadline), "2026-11-01");
  EXPECT_EQ(format_instant(*contract.deadline_passes_at), "2026-11-02T05:00:00Z");
  EXPECT_EQ(contract.plan.time_zone, "America/New_York");
  EXPECT_EQ(contract.plan.renewal_term_months, 12);
  EXPECT_EQ(published(), std::vector<std::string>{"holdfast.contract-created.v1"});
  EXPECT_EQ(timers(contract), std::vector{*parse_instant("2026-07-04T13:00:00Z")});
  const auto read = ask(get_contract, GetContract{contract.id});
  ASSERT_TRUE(read) << describe(read.error());
  EXPECT_EQ(*read, contract);
}

TEST_F(CreateContractTest, ThePastIsDerivedWithoutEvents) {
  auto old = yearly();
  old.plan.term_start = *parse_date("2019-01-01");
  const auto contract = created(old);
  EXPECT_EQ(contract.current_term->number, 7);
  EXPECT_EQ(contract.term_phase, TermPhase::renewed_term);
  EXPECT_EQ(published().size(), 1u);
}

TEST_F(CreateContractTest, WithoutAFirstDayItWaits) {
  auto waiting = yearly();
  waiting.plan.term_start.reset();
  const auto contract = created(waiting);
  EXPECT_EQ(contract.state, Lifecycle::in_process);
  EXPECT_FALSE(contract.current_term);
  EXPECT_TRUE(timers(contract).empty());
  EXPECT_EQ(*ask(get_contract, GetContract{contract.id}), contract);
  waiting.number = "C-2";
  waiting.plan.term_clock = TermClock::signature;
  waiting.plan.signed_date = *parse_date("2026-02-01");
  const auto approved = created(waiting);
  EXPECT_EQ(approved.state, Lifecycle::approved);
  EXPECT_EQ(timers(approved), std::vector{*parse_instant("2026-02-01T05:00:00Z")});
}

TEST_F(CreateContractTest, WhatIsWrongIsNamed) {
  const auto refused = [&](auto change) {
    auto command = yearly();
    change(command);
    const auto answer = run(create_contract, command);
    if (answer) return std::string("accepted");
    const auto& fields = answer.error().fields;
    return std::string(info(answer.error().reason).upper) + " " + (fields.empty() ? "" : fields.front().field);
  };
  EXPECT_EQ(refused([](auto& c) { c.account_id = AccountId{new_uuid()}; }), "ACCOUNT_NOT_FOUND account_id");
  EXPECT_EQ(refused([](auto& c) { c.location_id = LocationId{new_uuid()}; }), "LOCATION_NOT_FOUND location_id");
  EXPECT_EQ(refused([](auto& c) { c.carrier_name = ""; }), "FIELD_REQUIRED carrier_name");
  EXPECT_EQ(refused([](auto& c) { c.mrc = Money{1, "usd"}; }), "MONEY_INVALID mrc.currency");
  EXPECT_EQ(refused([](auto& c) { c.plan.time_zone = "Mars/Base"; }), "TIME_ZONE_UNKNOWN plan.time_zone");
  EXPECT_EQ(refused([](auto& c) { c.plan.term_months = 0; }), "FIELD_OUT_OF_RANGE plan.term_months");
  EXPECT_EQ(refused([](auto& c) { c.plan.term_months.reset(); }), "FIELD_REQUIRED plan.term_months");
  EXPECT_EQ(refused([](auto& c) { c.plan.open_ended = true; }), "FIELD_INVALID plan.open_ended");
  EXPECT_EQ(refused([](auto& c) { c.plan.term_end = *parse_date("2025-12-31"); }), "END_BEFORE_START plan.term_end");
  EXPECT_EQ(refused([](auto& c) { c.plan.notice_value = -1; }), "FIELD_OUT_OF_RANGE plan.notice_value");
  EXPECT_TRUE(published().empty());
}

TEST_F(CreateContractTest, TheZoneIsTheLocationsUnlessTheyDiffer) {
  const LocationId west{new_uuid()};
  ASSERT_TRUE(run(keep_location, Location{west, account, "West", "America/Los_Angeles", 1}));
  const auto ambiguous = run(create_contract, yearly());
  ASSERT_FALSE(ambiguous);
  EXPECT_EQ(ambiguous.error().fields.at(0).field, "plan.time_zone");
  auto western = yearly();
  western.location_id = west;
  const auto contract = created(western);
  EXPECT_EQ(contract.plan.time_zone, "America/Los_Angeles");
  EXPECT_TRUE(contract.early_lead);  // one of two locations
}

// Neither sees what the other has not committed: whoever comes second has to wait.
TEST_F(CreateContractTest, ASiteThatComesMeanwhileCounts) {
  const Location west{LocationId{new_uuid()}, account, "West", "America/New_York", 1};
  std::future<Result<>> site;
  const auto contract = transactor.run(call, [&](events::UnitOfWork& work) -> Result<Contract> {
    auto first = TRY(create_contract(work, yearly()));
    TRY(work.transaction.many<std::int64_t>(held_up));  // sends what was deferred
    site = std::async(std::launch::async, [&] { return run(keep_location, west); });
    wait_until_held_up(site);
    return first;
  });
  ASSERT_TRUE(contract) << describe(contract.error());
  EXPECT_FALSE(contract->early_lead);
  ASSERT_TRUE(site.get());
  EXPECT_TRUE(ask(get_contract, GetContract{contract->id})->early_lead);
}

TEST_F(CreateContractTest, AContractThatComesMeanwhileKnowsOfTheSite) {
  const Location west{LocationId{new_uuid()}, account, "West", "America/New_York", 1};
  std::future<Result<Contract>> contract;
  const auto kept = transactor.run(call, [&](events::UnitOfWork& work) -> Result<> {
    CHECK_OK(keep_location(work, west));
    contract = std::async(std::launch::async, [&] { return run(create_contract, yearly()); });
    wait_until_held_up(contract);
    return {};
  });
  ASSERT_TRUE(kept) << describe(kept.error());
  const auto created = contract.get();
  ASSERT_TRUE(created) << describe(created.error());
  EXPECT_TRUE(created->early_lead);
}

TEST_F(CreateContractTest, IdsAndNumbersAreTakenOnce) {
  auto named = yearly();
  named.id = ContractId{new_uuid()};
  created(named);
  named.number = "C-2";
  EXPECT_EQ(run(create_contract, named).error().reason, Reason::already_exists);
  auto same_number = yearly("c-1");
  const auto refused = run(create_contract, same_number);
  EXPECT_EQ(refused.error().reason, Reason::already_exists);
  EXPECT_EQ(refused.error().fields.at(0).field, "number");
  EXPECT_EQ(published().size(), 1u);
  created(yearly(""));
  created(yearly(""));
}

TEST_F(CreateContractTest, AnotherAgencySeesNothing) {
  const auto contract = created(yearly());
  EXPECT_EQ(run_as(other_agency, create_contract, yearly("C-2")).error().reason, Reason::account_not_found);
  EXPECT_EQ(ask_as(other_agency, get_contract, GetContract{contract.id}).error().reason, Reason::contract_not_found);
  EXPECT_TRUE(ask_as(other_agency, list_deadlines, ListDeadlines{.within_days = 3660})->deadlines.empty());
}

}  // namespace
}  // namespace holdfast::contracts
