#include "notifications/domain/subscription.h"

#include <gtest/gtest.h>

namespace holdfast::notifications {
namespace {

const Instant now = *parse_instant("2026-01-05T09:00:00Z");
const std::vector<std::string> known = {"ticket-opened", "ticket-closed"};

Result<Subscription> subscribe_to(const std::string& url, std::vector<std::string> names = {}) {
  return subscribe({.callback_url = url, .event_names = std::move(names)}, {}, known, now);
}

TEST(Subscription, KeepsTheUrlThatWasChecked) {
  const auto subscription = subscribe_to("https://Hooks.Example.com/in?a=b", {"ticket-closed"});
  ASSERT_TRUE(subscription) << describe(subscription.error());
  EXPECT_EQ(subscription->callback_url, "https://hooks.example.com:443/in?a=b");
  EXPECT_EQ(subscription->state, SubscriptionState::active);
}

TEST(Subscription, RefusesWhatMustNotBeCalledAndNamesTheField) {
  for (const auto* url : {"http://hooks.example.com/", "https://10.0.0.1/", "https://localhost/", ""}) {
    const auto refused = subscribe_to(url);
    ASSERT_FALSE(refused) << url;
    EXPECT_EQ(refused.error().reason, Reason::target_not_allowed);
    EXPECT_EQ(refused.error().fields.at(0).field, "callback_url");
  }
}

TEST(Subscription, RefusesEventsThatThereAreNot) {
  const auto refused = subscribe_to("https://hooks.example.com/", {"ticket-opened", "tickets-opened"});
  EXPECT_EQ(refused.error().fields.at(0).field, "event_names[1]");
  const std::vector<std::string> many(max_event_names + 1, "ticket-opened");
  EXPECT_EQ(subscribe_to("https://hooks.example.com/", many).error().reason, Reason::field_too_long);
}

TEST(Subscription, IsChangedUnderTheRulesByWhichItWasMade) {
  auto before = *subscribe_to("https://hooks.example.com/", {"ticket-closed"});
  before.description = "billing";
  const auto change_to = [&](const ChangeSubscription& command) { return change(before, command, {}, known); };

  const auto moved = *change_to({.callback_url = "https://other.example.com/in"});
  EXPECT_EQ(moved.callback_url, "https://other.example.com:443/in");
  EXPECT_EQ(moved.event_names, before.event_names) << "what is left out stays";
  EXPECT_EQ(moved.description, "billing");
  EXPECT_EQ(moved.version, before.version + 1);
  EXPECT_TRUE(change_to({.every_event = true})->event_names.empty());

  EXPECT_EQ(change_to({.callback_url = "https://10.0.0.1/"}).error().reason, Reason::target_not_allowed);
  EXPECT_EQ(change_to({.event_names = {"no-such"}}).error().fields.at(0).field, "event_names[0]");
  EXPECT_EQ(change_to({.event_names = {"ticket-opened"}, .every_event = true}).error().fields.at(0).field,
            "every_event");
  EXPECT_EQ(change_to({.account_ids = {AccountId{}}, .every_account = true}).error().fields.at(0).field,
            "every_account");
  EXPECT_EQ(change_to({.etag = "7"}).error().reason, Reason::etag_stale);
  EXPECT_TRUE(change_to({.etag = "1"}));
}

TEST(Subscription, PausingTwiceIsOnePause) {
  auto subscription = *subscribe_to("https://hooks.example.com/");
  subscription = *change_state(subscription, SubscriptionState::paused);
  EXPECT_EQ(subscription.version, 2);
  EXPECT_EQ(change_state(subscription, SubscriptionState::paused)->version, 2);
  EXPECT_FALSE(change_state(subscription, SubscriptionState::failing));
}

}  // namespace
}  // namespace holdfast::notifications
