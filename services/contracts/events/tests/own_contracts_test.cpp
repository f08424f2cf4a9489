#include "contracts/events/own_contracts.h"

#include <gmock/gmock.h>

#include <map>
#include <random>
#include <set>

#include "contracts/app/register_timers.h"
#include "contracts/app/tests/book.h"
#include "contracts/domain/events.h"
#include "contracts/domain/tests/plans.h"
#include "contracts/events/book.h"
#include "contracts/store/invariants.sql.h"
#include "runtime/events/follow.h"
#include "runtime/events/tests/published.h"
#include "runtime/operations/verify.h"

namespace holdfast::contracts {
namespace {

using std::chrono::days;
using ::testing::IsEmpty;

constexpr sql::Statement contract_rows{"test.contract_rows", "SELECT t::text FROM contracts AS t ORDER BY t.id"};
constexpr sql::Statement term_rows{"test.term_rows", "SELECT t::text FROM terms AS t ORDER BY 1"};
constexpr sql::Statement ledger_rows{"test.ledger_rows", "SELECT t::text FROM ledger AS t ORDER BY 1"};
constexpr sql::Statement order_rows{"test.order_rows", "SELECT t::text FROM orders AS t ORDER BY t.id"};
constexpr sql::Statement timer_rows{
    "test.timer_rows", "SELECT kind || ' ' || subject_id || ' ' || next_due FROM runtime.timers ORDER BY 1"};
constexpr sql::Statement early_rows{"test.early_rows", "SELECT version::text FROM runtime.early_events"};

using Lines = std::vector<std::string>;

// All that a database knows of an agency's contracts.
std::map<std::string, Lines> known_to(sql::Database& database, const Call& call) {
  std::map<std::string, Lines> known;
  for (const auto* table : {&contract_rows, &term_rows, &ledger_rows, &order_rows, &timer_rows}) {
    known[table->name] =
        *database.read(call, [&](sql::Transaction& transaction) { return transaction.many<std::string>(*table); });
  }
  return known;
}

// A database that was restored, empty: from before anything was published.
struct Restored {
  explicit Restored(const Clock& clock) : transactor(database, outbox, clock) {
    take_back_contracts(own);
    own.follow(consumer);
    for (const auto& carrier : events::carriers_of("holdfast.contracts.v1.Contract", "contract")) {
      handlers[carrier.type] = "contracts.take_back." + carrier.name;
    }
    handlers["holdfast.order-state-changed.v1"] = "contracts.take_back.OrderStateChanged";
  }

  Result<> hear(const events::Event& event) { return consumer.handle(handlers.at(event.type), event); }
  void hear_all(const std::vector<events::Event>& events) {
    for (const auto& event : events) {
      const auto heard = hear(event);
      ASSERT_TRUE(heard) << event.type << ": " << describe(heard.error());
    }
  }
  void settle(const Call& call) {
    const auto settled = own.settle(transactor, call);
    ASSERT_TRUE(settled) << describe(settled.error());
  }
  Lines lines(const Call& call, const sql::Statement& statement) {
    return *database.read(call, [&](sql::Transaction& tx) { return tx.many<std::string>(statement); });
  }

  testing::TempDatabase temporary{Book::components};
  sql::Database database{{.url = temporary.url(), .pool_size = 4, .constraints = constraints}};
  events::Outbox outbox;
  events::Transactor transactor;
  events::Consumer consumer{transactor, {.group = "test"}};
  events::OwnEvents own;
  std::map<std::string, std::string> handlers;  // by the type of what they take
};

// The service as it lived before its database was restored.
struct OwnContractsTest : Book {
  OwnContractsTest() { register_timers(timers); }

  void move_to(Instant now) {
    clock.set(now);
    for (size_t fired = 1; fired > 0;) fired = *timers.fire_due(term_timer);
    ASSERT_EQ(timers.failed(), 0);
  }
  Contract read(ContractId id) { return *ask(get_contract, GetContract{id}); }

  std::vector<events::Event> all_published() { return events::tests::all_published(database, call); }

  CreateContract by_any_plan(RandomPlans& plans, int number) {
    auto command = yearly("C-" + std::to_string(number));
    const auto plan = plans.next();
    command.plan = {.term_start = plan.start,
                    .term_months = plan.months,
                    .term_end = plan.first_end,
                    .open_ended = plan.open_ended(),
                    .end_of_term_action = plan.action,
                    .roll_interval_months = plan.roll_months,
                    .renewal_term_months = plan.renewal_months,
                    .notice_value = plan.notice.value,
                    .notice_unit = plan.notice.unit,
                    .time_zone = plan.zone.text()};
    if (plans.one_in(8)) command.plan.term_start.reset();
    return command;
  }
  // What is not allowed just now is refused, and leaves nothing.
  void decide_something(RandomPlans& chance, ContractId id) {
    const auto now = read(id);
    const Date today = std::chrono::floor<days>(std::chrono::local_time<Duration>(clock.now().time_since_epoch()));
    switch (chance.between(0, 7)) {
      case 0:
        return (void)run(send_notice, SendNotice{id, "portal", "N-1"});
      case 1:
        return (void)run(acknowledge_notice, AcknowledgeNotice{id, "A-1"});
      case 2:
        return (void)run(decide_to_stay, DecideToStay{id});
      case 3:
        return (void)run(terminate_contract, TerminateContract{id, today + days{chance.between(0, 90)}, "moved"});
      case 4:
        return (void)run(snooze_reminders, SnoozeReminders{id, today + days{chance.between(1, 60)}});
      case 5:
        return (void)run(amend_contract, AmendContract{.id = id, .carrier_name = "AT&T", .mrc = Money{1, "USD"}});
      case 6: {  // a correction
        AmendContract command{.id = id, .plan = now.plan, .reason = "as the paper says"};
        command.plan->notice_value = chance.between(0, 60);
        command.plan->notice_unit = NoticeUnit::calendar_days;
        return (void)run(amend_contract, command);
      }
      default: {  // anew, from some day near now
        AmendContract command{.id = id, .plan = now.plan, .reason = "renewed"};
        command.plan->term_start = today + days{chance.between(-200, 30)};
        command.plan->term_end.reset();
        command.plan->term_months = chance.between(1, 24);
        command.plan->open_ended = false;
        return (void)run(amend_contract, command);
      }
    }
  }
  void live() {
    RandomPlans chance(7);
    std::vector<ContractId> ids;
    for (int number = 0; number < 24; ++number) ids.push_back(created(by_any_plan(chance, number)).id);
    const Order order{.id = OrderId{new_uuid()},
                      .account_id = account,
                      .kind = OrderKind::port,
                      .reference = "+16175550149",
                      .carrier_name = "Lumen",
                      .state = OrderState::acknowledged};
    ASSERT_TRUE(run(import_orders, ImportOrders{{order}}));
    for (int step = 0; step < 60; ++step) {
      move_to(clock.now() + days{chance.between(1, 15)});
      for (int times = 0; times < 3; ++times) decide_something(chance, ids[static_cast<size_t>(chance.between(0, 23))]);
      if (step == 30) {
        auto confirmed = order;
        confirmed.state = OrderState::in_progress;
        confirmed.foc_date = date("2026-09-01");
        ASSERT_TRUE(run(import_orders, ImportOrders{{confirmed}}));
        ASSERT_TRUE(run(keep_account, Account{account, "Acme", AccountStatus::active, Tier::key, owner, 2}));
      }
    }
  }

  timers::Timers timers{transactor, clock, {}};
};

// Each topic in its order; which is read first nobody says.
std::vector<events::Event> topic_first(std::vector<events::Event> events, std::string_view topic) {
  std::ranges::stable_partition(events, [&](const events::Event& event) { return event.topic == topic; });
  return events;
}

std::vector<events::Event> shuffled(const std::vector<events::Event>& events) {
  std::map<std::string, std::vector<events::Event>> topics;
  for (const auto& event : events) topics[event.topic].insert(topics[event.topic].begin(), event);
  std::mt19937 random(3);
  std::vector<events::Event> mixed;
  while (mixed.size() < events.size()) {
    auto& topic = topics[random() % 2 == 0 ? "holdfast.contracts" : "holdfast.renewals"];
    for (auto count = random() % 40; count > 0 && !topic.empty(); --count) {
      mixed.push_back(topic.back());
      topic.pop_back();
    }
  }
  return mixed;
}

TEST_F(OwnContractsTest, WhatIsTakenBackIsWhatWasHoweverTheTopicsAreRead) {
  live();
  const auto events = all_published();
  const auto as_it_was = known_to(database, call);
  std::set<std::string> types;
  for (const auto& event : events) types.insert(event.type);
  ASSERT_EQ(types.size(), 12u) << "each event of the service is among them";
  for (const auto& order : {events, topic_first(events, "holdfast.contracts"), topic_first(events, "holdfast.renewals"),
                            shuffled(events)}) {
    Restored restored(clock);
    restored.hear_all(order);
    restored.settle(call);
    EXPECT_EQ(known_to(restored.database, call), as_it_was);
    EXPECT_THAT(restored.lines(call, early_rows), IsEmpty());
    EXPECT_THAT(restored.lines(call, outbox_types), IsEmpty()) << "it was published";
  }
}

TEST_F(OwnContractsTest, TwiceIsAsOnceAndAnOlderEventTakesNothingAway) {
  const auto contract = created(yearly());
  move_to(at("2026-09-20T12:00:00Z"));
  ASSERT_TRUE(run(decide_to_stay, DecideToStay{contract.id}));
  move_to(at("2027-01-02T00:00:00Z"));
  const Order order{.id = OrderId{new_uuid()}, .account_id = account, .reference = "+16175550149"};
  auto moved = order;
  moved.state = OrderState::acknowledged;
  ASSERT_TRUE(run(import_orders, ImportOrders{{order}}));
  ASSERT_TRUE(run(import_orders, ImportOrders{{moved}}));
  auto events = all_published();
  Restored restored(clock);
  restored.hear_all(events);
  const auto once = known_to(restored.database, call);
  EXPECT_EQ(once, known_to(database, call));
  for (auto& event : events) event.id = new_uuid();  // the inbox knows nothing of them
  restored.hear_all(events);
  std::ranges::reverse(events);
  for (auto& event : events) event.id = new_uuid();
  restored.hear_all(events);
  restored.settle(call);
  EXPECT_EQ(known_to(restored.database, call), once);
}

TEST_F(OwnContractsTest, WhatComesNextIsSaidAsItWouldHaveBeen) {
  const auto contract = created(yearly());
  move_to(at("2026-08-10T12:00:00Z"));  // 120 and 90 days before
  Restored restored(clock);
  restored.hear_all(all_published());
  timers::Timers restored_timers(restored.transactor, clock, {});
  register_timers(restored_timers);
  EXPECT_EQ(*restored_timers.fire_due(term_timer), 0u) << "what was said is due no more";
  clock.set(at("2026-09-02T13:00:00Z"));
  EXPECT_EQ(*restored_timers.fire_due(term_timer), 1u);
  move_to(clock.now());
  EXPECT_EQ(known_to(restored.database, call), known_to(database, call));
  EXPECT_EQ(restored.lines(call, outbox_types), Lines{"holdfast.contract-expiring.v1"});
}

TEST_F(OwnContractsTest, AKeyAccountsReminderThatWasNotMadeUpForIsNotAfterwards) {
  const auto contract = created(yearly());
  move_to(at("2026-06-01T12:00:00Z"));  // 180 days before were on 2026-05-05
  ASSERT_TRUE(run(keep_account, Account{account, "Acme", AccountStatus::active, Tier::key, owner, 2}));
  Restored restored(clock);
  restored.hear_all(all_published());
  EXPECT_EQ(known_to(restored.database, call), known_to(database, call));
}

// Kafka never had it, or refused it: the others go on by what has come.
TEST_F(OwnContractsTest, AnEventThatIsLostKeepsNoneOfTheOthers) {
  const auto contract = created(yearly());
  move_to(at("2027-01-02T00:00:00Z"));
  ASSERT_TRUE(run(amend_contract, AmendContract{.id = contract.id, .carrier_name = "AT&T"}));
  auto events = all_published();
  std::erase_if(events, [](const auto& event) { return event.type == "holdfast.contract-auto-renewed.v1"; });
  Restored restored(clock);
  restored.temporary.run(
      R"sql(INSERT INTO runtime.business_clock (offset_us) VALUES
      ((extract(epoch FROM timestamptz '2027-01-02 00:00Z' - clock_timestamp()) * 1000000)::bigint))sql");
  ASSERT_TRUE(restored.transactor.run(call, [&](events::UnitOfWork& work) {
    return copy_account(work, {account, "Acme", AccountStatus::active, Tier::standard, owner, 1});
  }));
  restored.hear_all(events);
  EXPECT_EQ(restored.lines(call, early_rows), (Lines{"13"})) << "it may still come";
  restored.settle(call);
  EXPECT_THAT(restored.lines(call, early_rows), IsEmpty());
  for (const auto* invariant : statements::all_of_invariants) {
    const auto verdict = operations::check(restored.database, service_call({}, "verify", std::chrono::seconds(30)),
                                           *invariant, {.looks = 1});
    EXPECT_TRUE(verdict->holds) << verdict->name << ": " << verdict->detail;
  }
  const auto as_it_was = known_to(database, call);
  auto without = as_it_was;
  std::erase_if(without["test.ledger_rows"], [](const auto& line) { return line.find("AutoRenewed") != line.npos; });
  EXPECT_EQ(known_to(restored.database, call), without) << "the ledger alone is without it";
}

TEST_F(OwnContractsTest, ANumberIsAnothersOnceItIsFree) {
  const auto first = created(yearly("C-1"));
  ASSERT_TRUE(run(amend_contract, AmendContract{.id = first.id, .number = "C-2"}));
  created(yearly("C-1"));
  auto events = all_published();
  std::swap(events[1], events[2]);  // of another account they would lie in another partition
  Restored restored(clock);
  restored.hear_all(events);
  restored.settle(call);
  EXPECT_EQ(known_to(restored.database, call), known_to(database, call));
}

TEST_F(OwnContractsTest, WhatOthersSaidIsCopiedFirstAndFollowedThen) {
  const auto contract = created(yearly());
  Restored restored(clock);
  copy_book(restored.consumer);
  restored.hear_all(all_published());
  using Changed = events::Carrying<"holdfast.accounts.v1.AccountChanged", "account", Account>;
  const Changed key{{account, "Acme", AccountStatus::active, Tier::key, owner, 2}};
  ASSERT_TRUE(restored.consumer.handle("contracts.keep_changed_account", events::encode(key, agency, clock.now())));
  EXPECT_EQ(known_to(restored.database, call), known_to(database, call)) << "perhaps that was said already";
  ASSERT_TRUE(follow_accounts(restored.transactor, call));
  EXPECT_EQ(restored.lines(call, outbox_types), Lines{"holdfast.contract-amended.v1"}) << "it was not";
  ASSERT_TRUE(follow_accounts(restored.transactor, call));
  EXPECT_EQ(restored.lines(call, outbox_types).size(), 1u);
}

// Also one that is declared tomorrow.
TEST_F(OwnContractsTest, EveryEventThatCarriesAContractIsTakenBack) {
  const auto event = (created(yearly()), all_published().at(0));
  Restored restored(clock);
  for (const auto& [type, handler] : restored.handlers) {
    const auto heard = restored.consumer.handle(handler, event);
    EXPECT_TRUE(heard || heard.error().reason != Reason::field_invalid) << "nothing takes " << type;
  }
}

TEST_F(OwnContractsTest, WhatCannotBeReadIsPoisonAndNotWaitedFor) {
  const auto contract = created(yearly());
  auto event = all_published().at(0);
  Restored restored(clock);
  auto broken = event;
  broken.id = new_uuid();
  broken.payload = "\xff\xff";
  const auto heard = restored.hear(broken);
  ASSERT_FALSE(heard);
  EXPECT_EQ(heard.error().retry(), Retry::never) << describe(heard.error());
  ASSERT_TRUE(restored.hear(event));
  EXPECT_EQ(known_to(restored.database, call), known_to(database, call));
}

}  // namespace
}  // namespace holdfast::contracts
