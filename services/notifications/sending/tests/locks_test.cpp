#include <future>
#include <thread>

#include "notifications/sending/tests/dispatching.h"
#include "runtime/sql/give_way.h"

namespace holdfast::notifications {
namespace {

constexpr sql::Statement hold_records{"test.hold_records", "SELECT pg_advisory_xact_lock(7)::text"};
constexpr sql::Statement lock_lanes{"test.lock_lanes", "SELECT lane FROM lanes FOR UPDATE"};
constexpr sql::Statement lock_lane{"test.lock_lane", "SELECT lane FROM lanes WHERE lane = $1::uuid FOR UPDATE"};
constexpr sql::Statement lock_deliveries{"test.lock_deliveries", "SELECT id FROM deliveries FOR UPDATE NOWAIT"};
constexpr sql::Statement fill_up{
    "test.fill_up",
    "INSERT INTO subscriptions (agency_id, id, callback_url, description, event_names, account_ids, state, created_at, "
    "version, secret_key_id, secret) SELECT $1::uuid, gen_random_uuid(), '', '', '{}', '{}', 'active', now(), 1, '', "
    "'' "
    "FROM generate_series(1, $2::bigint)"};

struct LocksTest : Dispatching {
  // Until another transaction waits for a lock, or has ended without.
  template <class Future>
  void until_it_waits_for(const Future& other) {
    const auto reader = service_call({}, "test", 30s);
    while (other.wait_for(0s) != std::future_status::ready) {
      if (*database.read(reader, [](sql::Transaction& tx) { return tx.one<std::int64_t>(held_up); }) > 0) return;
    }
  }
  auto replaying(const ReplayDeliveries& replay) {
    return std::async(std::launch::async, [this, replay] {
      return transactor.run(call, [&](events::UnitOfWork& work) { return replay_deliveries(work, webhooks, replay); });
    });
  }
  auto subscribing() {
    return std::async(std::launch::async, [this] {
      return transactor.run(call, [&](events::UnitOfWork& work) {
        return create_subscription(work, webhooks, {.callback_url = "http://localhost/"});
      });
    });
  }
};

// As whoever records an attempt does: the lane first, then the delivery.
TEST_F(LocksTest, AReplayLocksLanesBeforeDeliveries) {
  const auto created = subscribe("/in");
  const auto since = clock.now();
  happen(account);
  step(1);
  const auto id = delivery(0).delivery.id;
  const auto subscription = created.subscription.id;
  for (const auto& replay : {ReplayDeliveries{.subscription_id = subscription, .delivery_id = id},
                             ReplayDeliveries{.subscription_id = subscription, .from = since}}) {
    std::future<Result<Replayed>> replayed;
    command([&](events::UnitOfWork& work) -> Result<> {
      TRY(work.transaction.exec(lock_lanes));
      replayed = replaying(replay);
      until_it_waits_for(replayed);
      TRY(work.transaction.exec(lock_deliveries));
      return {};
    });
    const auto answer = replayed.get();
    ASSERT_TRUE(answer) << describe(answer.error());
    EXPECT_EQ(answer->replayed, 1);
    step(1);
  }
}

// A batch of events that holds some accounts' lanes comes to others yet. There somebody records an attempt, who holds
// the lane and sets the timer, which both set.
TEST_F(LocksTest, WhoMakesDeliveriesHoldsLanesAndNoTimer) {
  const auto created = subscribe("/in");
  happen(other);
  command([&](events::UnitOfWork& batch) -> Result<> {
    CHECK_OK(make_deliveries(batch, webhooks, opened(account)));
    EXPECT_EQ(TRY(batch.transaction.exec(lock_lane, account)), 1) << "it is written";
    return transactor.run(call, [&](events::UnitOfWork& recording) -> Result<> {
      sql::give_way(recording.transaction);
      EXPECT_EQ(TRY(recording.transaction.exec(lock_lane, other)), 1);
      attend_to(recording, webhooks, created.subscription.id);
      return {};
    });
  });
  EXPECT_EQ(states().size(), 2u);
}

// A target has its turn back before its attempt is recorded; the worker is not free before.
TEST_F(LocksTest, WhoRecordsAnAttemptIsNotClaimedFor) {
  options.workers = 2;
  const AccountId third{new_uuid()};
  subscribe_with({.callback_url = url("/in"), .account_ids = {account}});
  subscribe_with({.callback_url = url("/in"), .account_ids = {other, third}});
  timers::Timers timers(transactor, clock, {});
  Dispatcher dispatcher(transactor, webhooks, timers, options);
  happen(account);
  ASSERT_TRUE(timers.fire_due(webhook_timer));
  while (states().at(0) != "delivered 1") std::this_thread::yield();  // promptly: the target may have two attempts
  temporary.run(
      "CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS "
      "'BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NEW; END';"
      "CREATE TRIGGER hold BEFORE INSERT ON delivery_attempts FOR EACH ROW EXECUTE FUNCTION hold()");
  const auto held = database.transact(call, [&](sql::Transaction& transaction) -> Result<> {
    CHECK_OK(transaction.exec(hold_records));
    happen(account);
    EXPECT_TRUE(timers.fire_due(webhook_timer));
    while (all<std::int64_t>(held_up).at(0) == 0) std::this_thread::yield();
    happen(other);
    happen(third);
    EXPECT_TRUE(timers.fire_due(webhook_timer));
    EXPECT_THAT(states(), ::testing::ElementsAre("delivered 1", "pending 1", "pending 1", "pending 0"));
    return {};
  });
  EXPECT_TRUE(held);
  dispatcher.stop();
}

TEST_F(LocksTest, TwoWhoSubscribeAtOnceDoNotExceedTheLimit) {
  std::future<Result<CreatedSubscription>> second;
  command([&](events::UnitOfWork& work) -> Result<> {
    TRY(work.transaction.exec(fill_up, agency, max_subscriptions - 1));
    return {};
  });
  command([&](events::UnitOfWork& work) {
    auto first = create_subscription(work, webhooks, {.callback_url = "http://localhost/"});
    second = subscribing();
    until_it_waits_for(second);
    return first;
  });
  EXPECT_EQ(second.get().error().reason, Reason::limit_reached);
}

}  // namespace
}  // namespace holdfast::notifications
