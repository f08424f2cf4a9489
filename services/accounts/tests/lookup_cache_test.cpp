#include <gmock/gmock.h>

#include <atomic>
#include <functional>
#include <latch>
#include <thread>

#include "accounts/tests/with_lookup.h"

namespace holdfast::accounts {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct LookupCacheTest : WithLookup {
  // What the replica has asked of its database, by the server's own count.
  static std::int64_t statements_of(Replica& at, const Call& as) {
    static constexpr sql::Statement count{
        "test.executions",
        "SELECT coalesce(sum(generic_plans + custom_plans), 0)::bigint AS executions FROM pg_prepared_statements "
        "WHERE name LIKE 'accounts.%'"};
    return *at.database.read(as, [](sql::Transaction& transaction) { return transaction.one<std::int64_t>(count); });
  }

  // How often a command was called, by Redis's own count.
  std::int64_t redis_calls(const std::string& command) const {
    const auto text = server.command({"INFO", "commandstats"}).text;
    const auto name = "cmdstat_" + command + ":calls=";
    const auto at = text.find(name);
    return at == std::string::npos ? 0 : std::stoll(text.substr(at + name.size()));
  }

  // By the threads that a process has for calls, each lookup by whoever is free.
  void look_up_at_once(Replica& at, int lookups, const std::function<std::string(int)>& query) {
    std::atomic<int> next{0};
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 16; ++thread) {
      threads.emplace_back([&] {
        for (int number = next++; number < lookups; number = next++) look_up_at(at, call, query(number));
      });
    }
  }

  std::vector<std::string> ticket_names() {
    std::vector<std::string> names;
    const auto shown = card();
    for (const auto& one : shown.tickets()) names.push_back(one.name());
    return names;
  }
};

TEST_F(LookupCacheTest, EachTierIsAskedNoMoreThanItHasTo) {
  struct Asked {
    std::int64_t gets, scripts, statements;
  };
  const auto asked_by = [&](Replica& at) {
    const Asked before{redis_calls("get"), redis_calls("eval"), statements_of(at, call)};
    EXPECT_TRUE(look_up_at(at, call, "32/HCGS/123456//SW").has_card());
    return Asked{redis_calls("get") - before.gets, redis_calls("eval") - before.scripts,
                 statements_of(at, call) - before.statements};
  };
  EXPECT_EQ(asked_by(replica).statements, 11) << "PostgreSQL: one for the key, ten for the card";
  const auto near = asked_by(replica);
  EXPECT_EQ(near.gets + near.scripts + near.statements, 0) << "near";
  Replica other{temporary.url(), server.options(), clock};
  const auto redis = asked_by(other);
  EXPECT_EQ(redis.statements, 0) << "Redis";
  EXPECT_EQ(redis.gets, 2) << "the key and the card";
  EXPECT_EQ(redis.scripts, 0);
  EXPECT_EQ(cache::metric(other.registry, "holdfast_cache_hits_total{cache=\"outage_card\",tier=\"redis\"}"), 1);
  EXPECT_EQ(cache::metric(replica.registry, "holdfast_cache_hits_total{cache=\"outage_card\",tier=\"near\"}"), 1);
}

TEST_F(LookupCacheTest, AHerdAsksAsOneDoes) {
  look_up_at_once(replica, 10'000, [](int) { return "32/HCGS/123456//SW"; });
  EXPECT_EQ(statements_of(replica, call), 11);
}

TEST_F(LookupCacheTest, WhatRedisForgotIsAskedForOnceAProcess) {
  std::vector<std::string> circuits;
  for (int number = 0; number < 40; ++number) {
    circuits.push_back("44/HCGS/" + std::to_string(100'000 + number) + "//SW");
    line(hq, circuits.back());
  }
  for (const auto& one : circuits) look_up(one);
  Replica other{temporary.url(), server.options(), clock};
  std::latch forgotten{1};
  look_up_at_once(other, 2'000, [&](int number) {
    if (number == 20) {
      server.command({"FLUSHALL"});
      forgotten.count_down();
    }
    // Else a quick machine has found all of them in Redis before it forgets.
    if (number > 20) forgotten.wait();
    return circuits[static_cast<size_t>(number) % circuits.size()];
  });
  EXPECT_GT(statements_of(other, call), 0);
  EXPECT_LE(statements_of(other, call), 40 + 10) << "one a key, ten for the card that they share";
}

TEST_F(LookupCacheTest, PartsAreNeverKept) {
  look_up("hcgs");
  const auto before = statements_of(replica, call);
  look_up("hcgs");
  EXPECT_GT(statements_of(replica, call), before);
}

TEST_F(LookupCacheTest, AChangeShowsAtTheNextRead) {
  card();
  change_circuit([](Product& product) { product.service = "MPLS"; });
  EXPECT_EQ(card().products(0).line().service(), "MPLS");
  ASSERT_TRUE(change(add_contact, AddContact{.account_id = account, .name = "Kim Site", .phone = "617-555-0102"}));
  EXPECT_EQ(card().contacts_size(), 2);
  desk.phone = "+13035550112";
  keep(desk);
  EXPECT_EQ(card().carriers(0).repair(0).contact().phone(), "+13035550112");
}

TEST_F(LookupCacheTest, AKeyThatBeginsToBeOrMovesIsFoundAtOnce) {
  EXPECT_THAT(names_of(look_up("77/KRGS/1//NY")), IsEmpty());
  line(hq, "77/KRGS/1//NY");
  EXPECT_THAT(names_of(look_up("77 krgs 1 ny")), ElementsAre("CIRCUIT 77/KRGS/1//NY"));
  EXPECT_TRUE(card().has_answered_at());
  change_circuit([](Product& product) { product.circuit_id = "32/HCGS/999999//SW"; });
  EXPECT_THAT(names_of(look_up("32/HCGS/123456//SW")), IsEmpty());
  EXPECT_THAT(names_of(look_up("32/HCGS/999999//SW")), ElementsAre("CIRCUIT 32/HCGS/999999//SW"));
  EXPECT_THAT(names_of(look_up("Midtown")), IsEmpty());
  ASSERT_TRUE(change(create_account, CreateAccount{.name = "Midtown", .owner_id = owner}));
  EXPECT_THAT(names_of(look_up("Midtown")), ElementsAre("NAME Midtown"));
}

TEST_F(LookupCacheTest, VerificationDataMakesTheCircuitReady) {
  EXPECT_EQ(card().products(0).readiness().have(), 4);
  ASSERT_TRUE(transactor.run(call, [&](UnitOfWork& work) -> Result<> {
    CHECK_OK(work.transaction.exec(inventory::put_pin, agency, carrier_account));
    return drop_cards_of_subject(work, carrier_account.uuid, replica.cache);
  }));
  const auto shown = card();
  EXPECT_EQ(shown.products(0).readiness().have(), 5);
  EXPECT_EQ(shown.products(0).secrets_size(), 1);
  EXPECT_EQ(shown.products(0).secrets(0).masked(), masked({}).masked);
}

TEST_F(LookupCacheTest, ContractsAndTicketsShowWhatWasPublishedAndHowOldItIs) {
  EXPECT_EQ(card().sources_size(), 0) << "nothing heard yet";
  contracts::v1::ContractCreated created;
  *created.mutable_contract() = contract(1);
  ASSERT_TRUE(hear(created, "ContractCreated", 4));
  tickets::v1::TicketOpened opened;
  *opened.mutable_ticket() = ticket(1, tickets::v1::TICKET_STATUS_ACKNOWLEDGED);
  ASSERT_TRUE(hear(opened, "TicketOpened", 9));
  clock.advance(2h);
  const auto shown = card();
  ASSERT_EQ(shown.contracts_size(), 1);
  EXPECT_EQ(shown.contracts(0).notice_deadline(), "2026-10-02");
  EXPECT_EQ(shown.contracts(0).term_end(), "2026-12-31");
  ASSERT_EQ(shown.tickets_size(), 1);
  EXPECT_EQ(shown.tickets(0).priority(), tickets::v1::PRIORITY_P1);
  ASSERT_EQ(shown.sources_size(), 2);
  EXPECT_EQ(shown.sources(0).topic(), "holdfast.contracts");
  EXPECT_EQ(shown.sources(0).sequence(), 4);
  EXPECT_EQ(shown.answered_at().seconds() - shown.sources(0).as_of().seconds(), 2 * 60 * 60);
  EXPECT_EQ(shown.sources(1).sequence(), 9);
}

// An event that is new needs no line anywhere to be heard here.
TEST_F(LookupCacheTest, EveryEventThatCarriesATicketIsFollowed) {
  const auto& events = *tickets::v1::TicketOpened::descriptor()->file();
  for (int index = 0; index < events.message_type_count(); ++index) {
    const auto* event = events.message_type(index);
    const std::unique_ptr<google::protobuf::Message> message(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(event)->New());
    auto* carried = message->GetReflection()->MutableMessage(message.get(), event->FindFieldByName("ticket"));
    carried->CopyFrom(ticket(index + 1, tickets::v1::TICKET_STATUS_HELD));
    const auto heard = hear(*message, event->name(), index + 1);
    ASSERT_TRUE(heard) << describe(heard.error());
    EXPECT_EQ(card().sources(0).sequence(), index + 1) << event->name();
  }
}

TEST_F(LookupCacheTest, OlderVersionsAndPoisonChangeNothing) {
  tickets::v1::TicketStatusChanged changed;
  *changed.mutable_ticket() = ticket(3, tickets::v1::TICKET_STATUS_HELD);
  ASSERT_TRUE(hear(changed, "TicketStatusChanged", 3));
  tickets::v1::TicketOpened opened;
  *opened.mutable_ticket() = ticket(1, tickets::v1::TICKET_STATUS_ACKNOWLEDGED);
  ASSERT_TRUE(hear(opened, "TicketOpened", 1));
  EXPECT_EQ(card().tickets(0).status(), tickets::v1::TICKET_STATUS_HELD);
  EXPECT_EQ(card().sources(0).sequence(), 3);

  auto poison = events::encode(opened, agency, clock.now());
  poison.payload = "\xff\xff no ticket";
  EXPECT_EQ(consumer.handle("accounts.follow.TicketOpened", poison).error().retry(), Retry::never);
  EXPECT_THAT(ticket_names(), ElementsAre("Circuit down"));
}

TEST_F(LookupCacheTest, WhatIsOverStaysOver) {
  tickets::v1::TicketClosed closed;
  *closed.mutable_ticket() = ticket(5, tickets::v1::TICKET_STATUS_CLOSED);
  ASSERT_TRUE(hear(closed, "TicketClosed", 5));
  tickets::v1::TicketChanged late;
  *late.mutable_ticket() = ticket(4, tickets::v1::TICKET_STATUS_IN_PROGRESS);
  ASSERT_TRUE(hear(late, "TicketChanged", 4));
  EXPECT_THAT(ticket_names(), IsEmpty());
}

TEST_F(LookupCacheTest, ASlowLoaderNeverOverwritesWhatIsNewer) {
  const auto key = CardCache::of_place(agency, hq.uuid);
  const auto slow = replica.cache.cards().get(call, key, [&]() -> Result<cache::Loaded> {
    change_circuit([](Product& product) { product.service = "MPLS"; });
    return cache::Loaded{"as it was before", 0};
  });
  ASSERT_TRUE(slow);
  EXPECT_EQ(card().products(0).line().service(), "MPLS");
  Replica other{temporary.url(), server.options(), clock};
  EXPECT_EQ(look_up_at(other, call, "32/HCGS/123456//SW").card().products(0).line().service(), "MPLS");
}

TEST_F(LookupCacheTest, TheOwnEventHealsWhatACrashLeft) {
  card();
  ASSERT_TRUE(database.transact(call, [&](sql::Transaction& transaction) -> Result<> {
    static constexpr sql::Statement change{"test.change", "UPDATE products SET service = 'MPLS' WHERE id = $1::uuid"};
    CHECK_OK(transaction.exec(change, circuit.id));
    return {};
  })) << "committed, and the process died before it dropped";
  EXPECT_EQ(card().products(0).line().service(), "DIA");
  const auto event = events::encode(ProductChanged{circuit, circuit}, agency, clock.now());
  ASSERT_TRUE(consumer.handle("accounts.drop_changed_product", event));
  EXPECT_EQ(card().products(0).line().service(), "MPLS");
}

TEST_F(LookupCacheTest, WhatSeveralEventsShowOnIsDroppedOnce) {
  events::Handlers handlers(transactor, "test", 10s);
  for (const auto& own : own_events()) {
    handlers.add({own.handler, own.type,
                  [this, &own](UnitOfWork& work, const events::Event& event) -> Result<> {
                    Touched touched;
                    CHECK_OK(own.touch(touched, event));
                    return drop_with_commit(work, touched, replica.cache);
                  },
                  nullptr});
  }
  std::vector<events::Event> changed;
  std::vector<const events::Event*> given;
  for (int number = 0; number < 5; ++number) {
    changed.push_back(events::encode(ProductChanged{circuit, circuit}, agency, clock.now()));
  }
  for (const auto& event : changed) given.push_back(&event);
  const auto before = redis_calls("eval");
  ASSERT_TRUE(handlers.give_all(given));
  EXPECT_EQ(redis_calls("eval") - before, 5) << "the circuit's two keys; the cards of the account and its two sites";
}

TEST_F(LookupCacheTest, TheHourIsNotFrozen) {
  clock.set(*parse_instant("2026-03-06T23:59:59Z"));
  EXPECT_THAT(card().carriers(0).repair(0).phones(), ElementsAre("+13035550111", "+13035550199"));
  clock.advance(1s);
  EXPECT_THAT(card().carriers(0).repair(0).phones(), ElementsAre("+13035550199", "+13035550111"))
      << "17:00 in Denver; the card was kept a second ago";
}

TEST_F(LookupCacheTest, AnswersWithRedisStopped) {
  card();
  server.kill();
  EXPECT_TRUE(card().has_answered_at());
  EXPECT_EQ(look_up("617-555-0149").card().account_id(), to_string(account));
  change_circuit([](Product& product) { product.service = "MPLS"; });
  EXPECT_EQ(card().products(0).line().service(), "MPLS");
  tickets::v1::TicketOpened opened;
  *opened.mutable_ticket() = ticket(1, tickets::v1::TICKET_STATUS_ACKNOWLEDGED);
  ASSERT_TRUE(hear(opened, "TicketOpened", 1)) << "events go on without Redis";
  EXPECT_THAT(ticket_names(), ElementsAre("Circuit down"));
}

}  // namespace
}  // namespace holdfast::accounts
