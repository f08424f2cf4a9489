#include "notifications/domain/message_state.h"

#include <gtest/gtest.h>

namespace holdfast::notifications {
namespace {

template <class State>
std::string followers(State from, std::initializer_list<State> all) {
  std::string text;
  for (const State to : all) {
    if (const auto changed = change(from, to)) text += std::string(to_string(*changed)) + " ";
  }
  return text;
}

TEST(MessageState, FollowsItsLife) {
  using enum MessageState;
  const auto all = {initial, in_progress, completed, cancelled, failed};
  EXPECT_EQ(followers(initial, all), "inProgress cancelled failed ");
  EXPECT_EQ(followers(in_progress, all), "initial completed cancelled failed ");
  for (const auto final : {completed, cancelled, failed}) EXPECT_EQ(followers(final, all), "");
}

TEST(SubscriptionState, OnlyAPersonBringsItBackFromDisabled) {
  using enum SubscriptionState;
  const auto all = {active, paused, failing, disabled};
  EXPECT_EQ(followers(active, all), "paused failing disabled ");
  EXPECT_EQ(followers(paused, all), "active disabled ");
  EXPECT_EQ(followers(failing, all), "active paused disabled ");
  EXPECT_EQ(followers(disabled, all), "active ");
}

TEST(DeliveryState, ADeadLetterCanBeRedelivered) {
  using enum DeliveryState;
  const auto all = {pending, delivered, retrying, dead_lettered};
  EXPECT_EQ(followers(pending, all), "delivered retrying deadLettered ");
  EXPECT_EQ(followers(retrying, all), "delivered retrying deadLettered ");
  EXPECT_EQ(followers(dead_lettered, all), "pending ");
  EXPECT_EQ(followers(delivered, all), "pending ");
}

TEST(MessageState, TheRefusalNamesWhatMayFollow) {
  const auto refused = change(MessageState::initial, MessageState::completed);
  EXPECT_EQ(refused.error().reason, Reason::illegal_transition);
  EXPECT_EQ(refused.error().message, "initial cannot become completed; what may follow: inProgress, cancelled, failed");
}

}  // namespace
}  // namespace holdfast::notifications
