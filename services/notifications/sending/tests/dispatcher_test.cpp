#include "notifications/sending/dispatcher.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "notifications/app/tests/agency_book.h"
#include "notifications/channels/tests/child_server.h"
#include "notifications/domain/base64.h"
#include "notifications/domain/ticket.h"
#include "notifications/domain/webhook_signature.h"
#include "notifications/events/reactions.h"
#include "notifications/sending/tests/silent_server.h"

namespace holdfast::notifications {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

constexpr sql::Statement states_in_order{"test.delivery_states",
                                         "SELECT state || ' ' || attempts FROM deliveries ORDER BY position"};
constexpr sql::Statement delivery_ids{"test.delivery_ids", "SELECT id FROM deliveries ORDER BY position"};
constexpr sql::Statement rows_left{"test.rows_left",
                                   "SELECT (SELECT count(*) FROM subscriptions) + (SELECT count(*) FROM lanes) + "
                                   "(SELECT count(*) FROM deliveries) + (SELECT count(*) FROM delivery_attempts)"};
constexpr sql::Statement outbox_types{"test.outbox_types", "SELECT type FROM runtime.outbox ORDER BY seq"};

struct DispatcherTest : ::testing::Test, AgencyBook {
  void SetUp() override { on_any_event(consumer, webhooks); }

  std::string url(const std::string& path) {
    return fmt::format("http://localhost:{}{}", server.ready().at("http").get<int>(), path);
  }
  CreatedSubscription subscribe_with(const CreateSubscription& command) {
    const auto created =
        transactor.run(call, [&](events::UnitOfWork& work) { return create_subscription(work, webhooks, command); });
    EXPECT_TRUE(created) << describe(created.error());
    return *created;
  }
  CreatedSubscription subscribe(const std::string& path) { return subscribe_with({.callback_url = url(path)}); }

  // A ticket was opened for this account; answers with the event's id.
  std::string happen(const AccountId& of) {
    const auto event = events::encode(TicketOpened{{.id = TicketId{new_uuid()},
                                                    .account_id = of,
                                                    .name = "Circuit down",
                                                    .priority = Priority::p1,
                                                    .opened_at = clock.now()}},
                                      agency, clock.now());
    const auto handled = consumer.handle("notifications.webhooks", event);
    EXPECT_TRUE(handled) << describe(handled.error());
    return to_string(event.id);
  }
  // Fires what is due once, waits for the attempts; the webhook-ids that the server saw.
  std::vector<std::string> step(int expected) {
    timers::Timers timers(transactor, clock, {});
    Dispatcher dispatcher(transactor, webhooks, timers, options);
    const auto fired = timers.fire_due(webhook_timer);
    EXPECT_TRUE(fired) << describe(fired.error());
    dispatcher.stop();
    std::vector<std::string> seen;
    for (int count = 0; count < expected; ++count) {
      last_seen = server.next();
      seen.push_back(last_seen.at("headers").at("webhook-id"));
    }
    return seen;
  }
  template <class T>
  std::vector<T> all(const sql::Statement& statement) {
    return *database.read(call, [&](sql::Transaction& transaction) { return transaction.many<T>(statement); });
  }
  std::vector<std::string> states() { return all<std::string>(states_in_order); }
  DeliveryWithAttempts delivery(size_t place) {
    const auto id = all<DeliveryId>(delivery_ids).at(place);
    return *database.read(call, [&](sql::Transaction& tx) { return get_delivery(tx, {id}); });
  }
  SubscriptionState state_of(const CreatedSubscription& created) {
    return database.read(call, [&](sql::Transaction& tx) { return get_subscription(tx, {created.subscription.id}); })
        ->state;
  }
  template <class Verb>
  void command(Verb verb) {
    const auto done = transactor.run(call, [&](events::UnitOfWork& work) { return verb(work); });
    ASSERT_TRUE(done) << describe(done.error());
  }
  void pass_a_retry() { clock.advance(12s); }  // the first step of the schedule and its jitter

  ChildServer server{"webhook_receiver.py"};
  secrets::KeyRing keys = *secrets::KeyRing::from_text("k1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n");
  Webhooks webhooks{clock, keys, {.allow_private_targets = true}, [] {}};
  Dispatcher::Options options{.sending = {.rules = webhooks.rules}, .workers = 4, .per_target = 2};
  events::Consumer consumer{transactor, {.group = "test"}};
  AccountId other{new_uuid()};
  nlohmann::json last_seen;
};

TEST_F(DispatcherTest, AnEventArrivesSignedAsACloudEvent) {
  const auto created = subscribe("/in");
  const auto id = happen(account);
  EXPECT_THAT(step(1), ElementsAre(id));
  const auto body = *from_base64(last_seen.at("body").get<std::string>());
  const auto& headers = last_seen.at("headers");
  const std::array secrets{*WebhookSecret::parse(created.secret)};
  EXPECT_TRUE(verify_webhook(
      secrets, {headers.at("webhook-id"), headers.at("webhook-timestamp"), headers.at("webhook-signature")},
      clock.now(), body));
  const auto json = nlohmann::json::parse(body);
  EXPECT_EQ(json.at("id"), id);
  EXPECT_EQ(json.at("type"), "holdfast.ticket-opened.v1");
  EXPECT_EQ(json.at("data").at("ticket").at("accountId"), to_string(account));
  const auto made = delivery(0);
  EXPECT_EQ(made.delivery.state, DeliveryState::delivered);
  ASSERT_EQ(made.attempts.size(), 1u);
  EXPECT_EQ(made.attempts[0].status, 200);
  EXPECT_EQ(made.attempts[0].answer, "xx");
}

TEST_F(DispatcherTest, OnlyWhatWasAskedForIsDelivered) {
  subscribe_with({.callback_url = url("/everything")});
  subscribe_with({.callback_url = url("/other-account"), .account_ids = {other}});
  subscribe_with(
      {.callback_url = url("/this-account"), .event_names = {"ticket-opened"}, .account_ids = {other, account}});
  subscribe_with({.callback_url = url("/dead-letters"), .event_names = {"delivery-dead-lettered"}});
  const auto id = happen(account);
  EXPECT_THAT(step(2), ElementsAre(id, id));
  EXPECT_EQ(states().size(), 2u);
  EXPECT_TRUE(consumer.handle("notifications.webhooks",
                              events::encode(DeliveryDeadLettered{delivery(0).delivery}, agency, clock.now())));
  EXPECT_EQ(states().size(), 3u) << "dead letters go to those alone who name them";
}

TEST_F(DispatcherTest, AnAccountsDeliveriesWaitForTheEarlierOneAndNobodyElseDoes) {
  const auto created = subscribe("/in?status=500&first=1");
  const auto first = happen(account);
  EXPECT_THAT(step(1), ElementsAre(first));
  EXPECT_EQ(state_of(created), SubscriptionState::failing);
  const auto second = happen(account);
  const auto elsewhere = happen(other);
  EXPECT_THAT(step(1), ElementsAre(elsewhere));
  EXPECT_EQ(state_of(created), SubscriptionState::active);
  pass_a_retry();
  EXPECT_THAT(step(1), ElementsAre(first));
  EXPECT_THAT(step(1), ElementsAre(second));
  EXPECT_THAT(states(), ElementsAre("delivered 2", "delivered 1", "delivered 1"));
}

TEST_F(DispatcherTest, TheSameEventIsDeliveredOnce) {
  subscribe("/in");
  const auto event = events::encode(TicketOpened{{.id = TicketId{new_uuid()},
                                                  .account_id = account,
                                                  .name = "Circuit down",
                                                  .priority = Priority::p1,
                                                  .opened_at = clock.now()}},
                                    agency, clock.now());
  ASSERT_TRUE(consumer.handle("notifications.webhooks", event));
  temporary.run("DELETE FROM runtime.inbox");
  ASSERT_TRUE(consumer.handle("notifications.webhooks", event));
  EXPECT_THAT(step(1), ElementsAre(to_string(event.id)));
  const auto next = happen(account);
  EXPECT_THAT(step(1), ElementsAre(next)) << "nothing came in between";
}

TEST_F(DispatcherTest, GoneDisablesUntilAPersonResumes) {
  const auto created = subscribe("/in?status=410&first=1");
  const auto first = happen(account);
  step(1);
  EXPECT_EQ(state_of(created), SubscriptionState::disabled);
  happen(account);
  EXPECT_THAT(states(), ElementsAre("retrying 1")) << "what happens meanwhile is not kept";
  clock.advance(48h);
  step(0);
  command([&](events::UnitOfWork& work) { return resume_subscription(work, webhooks, {created.subscription.id}); });
  EXPECT_THAT(step(1), ElementsAre(first));
  EXPECT_EQ(state_of(created), SubscriptionState::active);
}

TEST_F(DispatcherTest, APausedSubscriptionGetsWhatItMissed) {
  const auto created = subscribe("/in");
  command([&](events::UnitOfWork& work) { return pause_subscription(work, {created.subscription.id}); });
  const auto missed = happen(account);
  step(0);
  EXPECT_THAT(states(), ElementsAre("pending 0"));
  command([&](events::UnitOfWork& work) { return resume_subscription(work, webhooks, {created.subscription.id}); });
  EXPECT_THAT(step(1), ElementsAre(missed));
}

TEST_F(DispatcherTest, ADeletedSubscriptionIsLeftAlone) {
  const auto created = subscribe("/in");
  happen(account);
  command([&](events::UnitOfWork& work) { return delete_subscription(work, webhooks, {created.subscription.id}); });
  step(0);
  happen(account);
  EXPECT_THAT(states(), ElementsAre("pending 0"));
}

TEST_F(DispatcherTest, TheLedgerForgetsWhatIsOldAndWhatWasDeleted) {
  const auto created = subscribe("/in");
  const auto forget = [&] {
    return *transactor.run(
        call, [&](events::UnitOfWork& work) { return forget_deliveries(work, created.subscription.id, clock.now()); });
  };
  happen(account);
  step(1);
  clock.advance(ledger_kept - 1h);
  happen(account);
  step(1);
  EXPECT_EQ(forget(), clock.now() + 1h);
  EXPECT_EQ(states().size(), 2u);
  clock.advance(2h);
  forget();
  EXPECT_EQ(states().size(), 1u);
  command([&](events::UnitOfWork& work) { return delete_subscription(work, webhooks, {created.subscription.id}); });
  EXPECT_EQ(forget(), std::nullopt);
  EXPECT_EQ(all<std::int64_t>(rows_left), std::vector<std::int64_t>{0});
}

TEST_F(DispatcherTest, ATargetMayAskForMoreTime) {
  subscribe("/in?status=429&retry-after=3600");
  happen(account);
  step(1);
  EXPECT_GE(delivery(0).delivery.next_attempt_at, clock.now() + 1h);
  clock.advance(59min);
  step(0);
  EXPECT_THAT(states(), ElementsAre("retrying 1"));
}

TEST_F(DispatcherTest, AfterTheScheduleADeadLetterAndTheNextHasItsTurn) {
  subscribe("/in?status=500");
  const auto first = happen(account);
  const auto second = happen(account);
  for (int attempt = 1; attempt <= max_attempts; ++attempt) {
    EXPECT_THAT(step(1), ElementsAre(first)) << attempt;
    if (attempt < max_attempts) clock.advance(27h);
  }
  EXPECT_THAT(states(), ElementsAre("deadLettered 10", "pending 0"));
  EXPECT_THAT(all<std::string>(outbox_types), ElementsAre("holdfast.delivery-dead-lettered.v1"));
  EXPECT_EQ(delivery(0).attempts.size(), 10u);
  EXPECT_THAT(step(1), ElementsAre(second));
}

TEST_F(DispatcherTest, WhatIsThroughCanBeReplayed) {
  const auto created = subscribe("/in");
  const auto subscription = created.subscription.id;
  const auto first = happen(account);
  step(1);
  clock.advance(1h);
  const auto since = clock.now();
  const auto second = happen(account);
  step(1);

  const auto one = delivery(0).delivery.id;
  command([&](events::UnitOfWork& work) {
    return replay_deliveries(work, webhooks, {.subscription_id = subscription, .delivery_id = one});
  });
  EXPECT_THAT(step(1), ElementsAre(first));
  command([&](events::UnitOfWork& work) {
    return replay_deliveries(work, webhooks, {.subscription_id = subscription, .from = since});
  });
  EXPECT_THAT(step(1), ElementsAre(second));
  EXPECT_THAT(states(), ElementsAre("delivered 2", "delivered 2"));
}

TEST_F(DispatcherTest, AnAttemptThatWasNeverRecordedIsMadeAgainAfterItsLease) {
  const auto created = subscribe("/in");
  const auto id = happen(account);
  command([&](events::UnitOfWork& work) {
    return claim_deliveries(work, created.subscription.id, created.subscription.callback_url, 1, clock.now(),
                            clock.now() + 75s);
  });
  happen(account);
  step(0);
  EXPECT_THAT(states(), ElementsAre("pending 1", "pending 0")) << "while the lease lasts the lane is somebody's";
  clock.advance(76s);
  EXPECT_THAT(step(1), ElementsAre(id));
  EXPECT_THAT(states(), ElementsAre("delivered 2", "pending 0"));
}

TEST_F(DispatcherTest, ASecretThatCannotBeReadIsAFailedAttempt) {
  subscribe("/in");
  happen(account);
  temporary.run("UPDATE subscriptions SET secret_key_id = 'lost'");
  step(0);
  EXPECT_THAT(states(), ElementsAre("retrying 1"));
  EXPECT_THAT(delivery(0).attempts.at(0).detail, HasSubstr("lost"));
}

TEST_F(DispatcherTest, SilentTargetsHoldUpThemselvesAlone) {
  auto silent = std::make_unique<SilentServer>();
  subscribe_with({.callback_url = fmt::format("http://localhost:{}/", silent->port)});
  for (int count = 0; count < 10; ++count) happen(AccountId{new_uuid()});
  timers::Timers timers(transactor, clock, {});
  Dispatcher dispatcher(transactor, webhooks, timers, options);
  ASSERT_TRUE(timers.fire_due(webhook_timer));
  close(accept(silent->listener, nullptr, nullptr));  // the attempts have begun

  subscribe_with({.callback_url = url("/in")});
  const auto id = happen(account);
  ASSERT_TRUE(timers.fire_due(webhook_timer));
  EXPECT_EQ(server.next().at("headers").at("webhook-id"), id) << "while the other target says nothing";
  silent.reset();
  dispatcher.stop();
  EXPECT_EQ(dispatcher.delivered(), 1);
  EXPECT_LE(dispatcher.failed(), 3) << "no more was claimed than the target may have";
}

}  // namespace
}  // namespace holdfast::notifications
