#include "contracts/app/tests/book.h"
#include "contracts/domain/tests/plans.h"

namespace holdfast::contracts {
namespace {

struct ImportTest : Book {
  // Of an account that accounts has not told of yet.
  ImportedContract row(const std::string& number) {
    return {.id = ContractId{named_uuid(agency.uuid, number)},
            .number = number,
            .account_id = unheard_of,
            .account_name = "Bravo",
            .carrier_name = "Lumen",
            .mrc = Money{100, "USD"},
            .plan = {.term_start = date("2019-01-01"),
                     .term_months = 12,
                     .end_of_term_action = EndOfTermAction::auto_renew,
                     .notice_value = 60,
                     .notice_unit = NoticeUnit::calendar_days,
                     .time_zone = "America/Chicago"}};
  }
  // "created", or "rejected alreadyExists number".
  std::vector<std::string> import(const std::vector<ImportedContract>& rows) {
    const auto answer = run(import_contracts, ImportContracts{rows});
    EXPECT_TRUE(answer) << describe(answer.error());
    return answer ? lines(*answer) : std::vector<std::string>{};
  }
  static std::vector<std::string> lines(const Verdicts& answer) {
    std::vector<std::string> lines;
    for (const auto& verdict : answer.verdicts) {
      std::string line(to_string(verdict.verdict));
      if (!verdict.reason.empty()) line += " " + verdict.reason + " " + verdict.field;
      lines.push_back(line);
    }
    return lines;
  }
  size_t published() {
    return database.read(call, [](sql::Transaction& tx) { return tx.many<std::string>(outbox_types); })->size();
  }
  Contract read(ContractId id) { return *ask(get_contract, GetContract{id}); }

  AccountId unheard_of{new_uuid()};
};
using Lines = std::vector<std::string>;

TEST_F(ImportTest, TheSecondTimeNothingChanges) {
  std::vector<ImportedContract> rows;
  for (int number = 0; number < 300; ++number) rows.push_back(row("I-" + std::to_string(number)));
  rows[7].plan.term_start.reset();
  EXPECT_EQ(import(rows), Lines(300, "created"));
  EXPECT_EQ(published(), 300u);  // contract-created, and nothing of the seven years before
  const auto contract = read(rows[0].id);
  EXPECT_EQ(contract.current_term->number, 7);
  EXPECT_EQ(ask(list_terms, ListTerms{contract.id})->terms.size(), 8u);
  EXPECT_TRUE(ask(list_reminders, ListReminders{contract.id})->reminders.empty());
  EXPECT_EQ(read(rows[7].id).state, Lifecycle::in_process);
  EXPECT_EQ(import(rows), Lines(300, "unchanged"));
  EXPECT_EQ(published(), 300u);
  EXPECT_EQ(read(rows[0].id), contract);
  EXPECT_EQ(ask(list_deadlines, ListDeadlines{.within_days = 3660, .page_size = 500})->deadlines.size(), 299u);
}

TEST_F(ImportTest, TheSameRowLeavesAnAmendmentAlone) {
  ASSERT_EQ(import({row("I-1")}), Lines{"created"});
  const auto id = row("I-1").id;
  ASSERT_TRUE(run(amend_contract, AmendContract{.id = id, .carrier_name = "AT&T"}));
  EXPECT_EQ(import({row("I-1")}), Lines{"unchanged"});
  EXPECT_EQ(read(id).carrier_name, "AT&T");
  auto corrected = row("I-1");
  corrected.plan.notice_value = 30;
  EXPECT_EQ(import({corrected}), Lines{"updated"});
  EXPECT_EQ(read(id).plan.notice_value, 30);
  EXPECT_EQ(format_date(*read(id).current_term->notice_deadline), "2026-12-01");
  EXPECT_EQ(import({corrected}), Lines{"unchanged"});
}

TEST_F(ImportTest, ARowAtFaultIsRejectedAlone) {
  created(yearly("C-1"));
  auto taken = row("I-2");
  taken.number = "c-1";
  auto twice = row("I-3");
  twice.number = "i-1";
  auto endless = row("I-4");
  endless.plan.term_months.reset();
  auto nowhere = row("I-5");
  nowhere.plan.time_zone = "Nowhere/At_All";
  EXPECT_EQ(import({row("I-1"), taken, twice, endless, nowhere, row("I-6")}),
            (Lines{"created", "rejected alreadyExists number", "rejected duplicateConflict number",
                   "rejected missingRequired plan.term_months", "rejected timeZoneUnknown plan.time_zone", "created"}));
  EXPECT_EQ(ask(list_contracts, ListContracts{.account_id = unheard_of})->contracts.size(), 2u);
}

// The ledger keeps what fell due while the row was refused.
TEST_F(ImportTest, ARefusedUpdateForgetsNothing) {
  ASSERT_EQ(import({row("I-1")}), Lines{"created"});
  clock.set(at("2026-09-10T12:00:00Z"));
  auto gap = row("I-1");
  gap.plan.term_start = date("2028-01-01");
  EXPECT_EQ(import({gap}), Lines{"rejected fieldOutOfRange plan.term_start"});
  const auto id = row("I-1").id;
  EXPECT_EQ(read(id).version, 4);
  EXPECT_EQ(ask(list_reminders, ListReminders{id})->reminders.size(), 3u);
  EXPECT_EQ(published(), 4u);
  clock.set(at("2026-10-03T12:00:00Z"));
  ASSERT_TRUE(run(send_notice, SendNotice{id}));
  EXPECT_EQ(ask(list_reminders, ListReminders{id})->reminders.size(), 4u);
}

TEST_F(ImportTest, ABatchHasALimit) {
  EXPECT_EQ(run(import_contracts, ImportContracts{std::vector(1'001, row("I-1"))}).error().reason,
            Reason::field_out_of_range);
}

TEST_F(ImportTest, PagesOfContractsAreWhole) {
  for (int number = 0; number < 7; ++number) created(yearly("C-" + std::to_string(number)));
  for (const int size : {1, 2, 3, 6, 7, 8}) {
    for (const auto& of : {std::optional(account), std::optional<AccountId>()}) {
      std::vector<Contract> contracts;
      ListContracts query{.account_id = of, .page_size = size};
      do {
        const auto page = ask(list_contracts, query);
        ASSERT_TRUE(page);
        contracts.insert(contracts.end(), page->contracts.begin(), page->contracts.end());
        query.page_token = page->next_page_token;
      } while (!query.page_token.empty());
      EXPECT_EQ(contracts.size(), 7u);
    }
  }
  EXPECT_TRUE(ask_as(other_agency, list_contracts, ListContracts{})->contracts.empty());
}

TEST_F(ImportTest, OrdersAreKeptWithWhatHoldsThem) {
  const Order port{.id = OrderId{new_uuid()},
                   .account_id = account,
                   .kind = OrderKind::port,
                   .reference = "+16175550149",
                   .carrier_name = "Lumen",
                   .gaining_carrier_name = "AT&T",
                   .state = OrderState::in_progress,
                   .foc_date = date("2026-02-01")};
  auto disconnect = port;
  disconnect.id = OrderId{new_uuid()};
  disconnect.kind = OrderKind::disconnect;
  disconnect.state = OrderState::held;
  disconnect.held_reason = HeldReason::port_in_progress;
  auto unexplained = disconnect;
  unexplained.id = OrderId{new_uuid()};
  unexplained.held_reason.reset();
  const ImportOrders batch{{port, disconnect, unexplained}};
  EXPECT_EQ(lines(*run(import_orders, batch)), (Lines{"created", "created", "rejected missingRequired held_reason"}));
  EXPECT_EQ(lines(*run(import_orders, ImportOrders{{port, disconnect}})), (Lines{"unchanged", "unchanged"}));
  EXPECT_EQ(published(), 2u);
  disconnect.state = OrderState::acknowledged;
  disconnect.held_reason.reset();
  EXPECT_EQ(lines(*run(import_orders, ImportOrders{{port, disconnect}})), (Lines{"unchanged", "updated"}));
  const auto list = ask(list_orders, ListOrders{.account_id = account});
  ASSERT_EQ(list->orders.size(), 2u);
  for (const auto& order : list->orders) {
    if (order.id == disconnect.id) {
      EXPECT_EQ(order.version, 2);
    }
    if (order.id == port.id) {
      EXPECT_EQ(format_date(*order.foc_date), "2026-02-01");
    }
  }
  EXPECT_TRUE(ask_as(other_agency, list_orders, ListOrders{})->orders.empty());
}

}  // namespace
}  // namespace holdfast::contracts
