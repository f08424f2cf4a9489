#include "notifications/sending/dispatcher.h"

#include "notifications/domain/base64.h"
#include "notifications/domain/webhook_signature.h"
#include "notifications/sending/tests/dispatching.h"
#include "notifications/sending/tests/silent_server.h"

namespace holdfast::notifications {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr sql::Statement agencies_shown{"test.agencies_shown", "SELECT agencies FROM shown"};

using DispatcherTest = Dispatching;

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

TEST_F(DispatcherTest, ATargetThatDawdlesIsTriedOneAtATime) {
  options.slow_after_ms = 0ms;
  subscribe("/in");
  timers::Timers timers(transactor, clock, {});
  Dispatcher dispatcher(transactor, webhooks, timers, options);
  happen(account);
  ASSERT_TRUE(timers.fire_due(webhook_timer));
  while (states().at(0) != "delivered 1") std::this_thread::yield();
  for (int count = 0; count < 3; ++count) happen(AccountId{new_uuid()});
  ASSERT_TRUE(timers.fire_due(webhook_timer));
  dispatcher.stop();
  EXPECT_EQ(dispatcher.delivered(), 2) << "one of the three";
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

TEST_F(DispatcherTest, ASubscriptionSeesItsOwnAgencyAlone) {
  for (int count = 0; count < 2; ++count) {
    agency = AgencyId{new_uuid()};
    call = service_call(agency, "test", 30s);
    subscribe("/in");
    happen(account);
  }
  temporary.run(
      "CREATE TABLE shown (agencies text); GRANT ALL ON shown TO PUBLIC;"
      "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS "
      "'BEGIN INSERT INTO shown VALUES (current_setting(''app.agencies'')); RETURN NEW; END';"
      "CREATE TRIGGER note BEFORE UPDATE ON lanes FOR EACH ROW EXECUTE FUNCTION note()");
  step(1);
  EXPECT_THAT(all<std::string>(agencies_shown), AllOf(SizeIs(2), Each(SizeIs(to_string(agency).size()))))
      << "as it was claimed, and as it was recorded";
}

TEST_F(DispatcherTest, SilentTargetsHoldUpThemselvesAlone) {
  auto silent = std::make_unique<SilentServer>();
  subscribe_with({.callback_url = fmt::format("http://localhost:{}/", silent->port)});
  for (int count = 0; count < 10; ++count) happen(AccountId{new_uuid()});
  timers::Timers timers(transactor, clock, {});
  Dispatcher dispatcher(transactor, webhooks, timers, options);
  ASSERT_TRUE(timers.fire_due(webhook_timer));
  const int connection = silent->next();  // the attempts have begun
  clock.advance(2s);
  EXPECT_EQ(*timers.fire_due(webhook_timer), 0u) << "the attempt's end is waited for, not looked for";
  close(connection);

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
