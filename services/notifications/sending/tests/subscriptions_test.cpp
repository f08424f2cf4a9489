#include "notifications/domain/base64.h"
#include "notifications/domain/webhook_signature.h"
#include "notifications/sending/tests/dispatching.h"

namespace holdfast::notifications {
namespace {

using ::testing::ElementsAre;

using SubscriptionsTest = Dispatching;

TEST_F(SubscriptionsTest, OnlyWhatWasAskedForIsDelivered) {
  subscribe_with({.callback_url = url("/everything")});
  subscribe_with({.callback_url = url("/other-account"), .account_ids = {other}});
  subscribe_with(
      {.callback_url = url("/this-account"), .event_names = {"ticket-opened"}, .account_ids = {other, account}});
  subscribe_with({.callback_url = url("/dead-letters"), .event_names = {"delivery-dead-lettered"}});
  const auto id = happen(account);
  EXPECT_THAT(step(1), ElementsAre(id)) << "one at a time to a server that has not answered yet";
  clock.advance(1s);
  EXPECT_THAT(step(1), ElementsAre(id));
  EXPECT_EQ(states().size(), 2u);
  EXPECT_TRUE(consumer.handle("notifications.webhooks",
                              events::encode(DeliveryDeadLettered{delivery(0).delivery}, agency, clock.now())));
  EXPECT_EQ(states().size(), 3u) << "dead letters go to those alone who name them";
}

TEST_F(SubscriptionsTest, AfterARotationBothSecretsSignForADay) {
  const auto created = subscribe("/in");
  const auto rotated = *transactor.run(
      call, [&](events::UnitOfWork& work) { return rotate_secret(work, webhooks, {created.subscription.id}); });
  const auto fits = [&](const std::string& text) {
    const std::array secrets{*WebhookSecret::parse(text)};
    const auto& headers = last_seen.at("headers");
    return verify_webhook(secrets,
                          {headers.at("webhook-id"), headers.at("webhook-timestamp"), headers.at("webhook-signature")},
                          clock.now(), *from_base64(last_seen.at("body").get<std::string>()));
  };
  happen(account);
  step(1);
  EXPECT_NE(rotated.secret, created.secret);
  EXPECT_TRUE(fits(created.secret));
  EXPECT_TRUE(fits(rotated.secret));
  clock.advance(secret_overlap);
  happen(account);
  step(1);
  EXPECT_FALSE(fits(created.secret));
  EXPECT_TRUE(fits(rotated.secret));
}

TEST_F(SubscriptionsTest, AChangedSubscriptionGoesWhereItPointsNow) {
  const auto created = subscribe("/in?status=500");
  happen(account);
  step(1);
  command([&](events::UnitOfWork& work) {
    return change_subscription(
        work, webhooks, {.id = created.subscription.id, .callback_url = url("/moved"), .event_names = {"sla-met"}});
  });
  happen(account);
  pass_a_retry();
  step(1);
  EXPECT_EQ(last_seen.at("path"), "/moved");
  EXPECT_THAT(states(), ElementsAre("delivered 2")) << "what it no longer hears of was not kept";
}

TEST_F(SubscriptionsTest, TheLedgerIsReadNewestFirst) {
  const auto created = subscribe("/in");
  happen(account);
  clock.advance(1h);
  happen(other);
  const auto list = [&](const ListDeliveries& query) {
    return *database.read(call, [&](sql::Transaction& tx) { return list_deliveries(tx, query); });
  };
  const auto first = list({.subscription_id = created.subscription.id, .page_size = 1});
  ASSERT_EQ(first.deliveries.size(), 1u);
  EXPECT_EQ(first.deliveries[0].account_id, other);
  const auto rest = list({.subscription_id = created.subscription.id, .page_token = first.next_page_token});
  ASSERT_EQ(rest.deliveries.size(), 1u);
  EXPECT_EQ(rest.deliveries[0].account_id, account);
  EXPECT_TRUE(
      list({.subscription_id = created.subscription.id, .state = DeliveryState::dead_lettered}).deliveries.empty());
  const auto subscriptions = *database.read(call, [&](sql::Transaction& tx) { return list_subscriptions(tx, {}); });
  EXPECT_EQ(subscriptions.subscriptions.size(), 1u);
}

TEST_F(SubscriptionsTest, GoneDisablesUntilAPersonResumes) {
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

TEST_F(SubscriptionsTest, APausedSubscriptionGetsWhatItMissed) {
  const auto created = subscribe("/in");
  command([&](events::UnitOfWork& work) { return pause_subscription(work, {created.subscription.id}); });
  const auto missed = happen(account);
  step(0);
  EXPECT_THAT(states(), ElementsAre("pending 0"));
  command([&](events::UnitOfWork& work) { return resume_subscription(work, webhooks, {created.subscription.id}); });
  EXPECT_THAT(step(1), ElementsAre(missed));
}

TEST_F(SubscriptionsTest, WhoIsResumedDoesNotWaitForTheSchedule) {
  const auto created = subscribe("/in?status=500&first=1");
  const auto failed = happen(account);
  step(1);
  EXPECT_THAT(states(), ElementsAre("retrying 1"));
  step(0);
  command([&](events::UnitOfWork& work) { return resume_subscription(work, webhooks, {created.subscription.id}); });
  EXPECT_THAT(step(1), ElementsAre(failed));
}

TEST_F(SubscriptionsTest, ADeletedSubscriptionIsLeftAlone) {
  const auto created = subscribe("/in");
  happen(account);
  command([&](events::UnitOfWork& work) { return delete_subscription(work, webhooks, {created.subscription.id}); });
  step(0);
  happen(account);
  EXPECT_THAT(states(), ElementsAre("pending 0"));
}

TEST_F(SubscriptionsTest, TheLedgerForgetsWhatIsOldAndWhatWasDeleted) {
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
  EXPECT_EQ(all<std::int64_t>(bodies_left), std::vector<std::int64_t>{0}) << "nobody is left to forget it later";
}

TEST_F(SubscriptionsTest, WhatIsStillTriedIsNotForgotten) {
  const auto created = subscribe("/in");
  const auto forget = [&] {
    EXPECT_TRUE(transactor.run(
        call, [&](events::UnitOfWork& work) { return forget_deliveries(work, created.subscription.id, clock.now()); }));
  };
  happen(account);
  clock.advance(2 * ledger_kept);
  forget();
  EXPECT_THAT(states(), ElementsAre("pending 0"));
  command([&](events::UnitOfWork& work) { return pause_subscription(work, {created.subscription.id}); });
  forget();
  EXPECT_THAT(states(), ElementsAre());
}

TEST_F(SubscriptionsTest, ABodyStaysForAsLongAsAnySubscriptionWaitsForIt) {
  const auto forgets = subscribe("/in");
  const auto paused = subscribe("/in");
  command([&](events::UnitOfWork& work) { return pause_subscription(work, {paused.subscription.id}); });
  const auto missed = happen(account);
  step(1);
  clock.advance(2 * ledger_kept);
  const auto forgotten = transactor.run(
      call, [&](events::UnitOfWork& work) { return forget_deliveries(work, forgets.subscription.id, clock.now()); });
  ASSERT_TRUE(forgotten) << describe(forgotten.error());
  command([&](events::UnitOfWork& work) { return resume_subscription(work, webhooks, {paused.subscription.id}); });
  EXPECT_THAT(step(1), ElementsAre(missed));
}

TEST_F(SubscriptionsTest, WhatIsThroughCanBeReplayed) {
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

TEST_F(SubscriptionsTest, AReplayDoesNotHurryWhatWaitsForItsRetry) {
  const auto created = subscribe("/in");
  const auto first = happen(account);
  step(1);
  temporary.run("UPDATE subscriptions SET callback_url = '" + url("/in?status=500&first=1") + "'");
  happen(account);
  step(1);
  EXPECT_THAT(states(), ElementsAre("delivered 1", "retrying 1"));
  command([&](events::UnitOfWork& work) {
    return replay_deliveries(work, webhooks,
                             {.subscription_id = created.subscription.id, .delivery_id = delivery(0).delivery.id});
  });
  EXPECT_THAT(step(1), ElementsAre(first));
  step(0);
  EXPECT_THAT(states(), ElementsAre("delivered 2", "retrying 1"));
}

TEST_F(SubscriptionsTest, AnAgencyHasSoManySubscriptionsAndNoMore) {
  for (int count = 0; count < max_subscriptions; ++count) subscribe("/in");
  const auto refused = transactor.run(call, [&](events::UnitOfWork& work) {
    return create_subscription(work, webhooks, {.callback_url = url("/in")});
  });
  EXPECT_EQ(refused.error().reason, Reason::limit_reached);
}

}  // namespace
}  // namespace holdfast::notifications
