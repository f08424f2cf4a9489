#include "notifications/domain/delivery.h"

#include <gtest/gtest.h>

namespace holdfast::notifications {
namespace {

using namespace std::chrono_literals;
using State = DeliveryState;
using Subscriber = SubscriptionState;

const Instant now = *parse_instant("2026-01-05T09:00:00Z");

AfterAttempt after(int tries, int status, Subscriber subscriber = Subscriber::active) {
  auto delivery = *begin_attempt({}, tries - 1, now);
  return *end_attempt(delivery, tries, subscriber, {.status = status}, now, now, [] { return 0.0; });
}

TEST(Delivery, TakenIsThrough) {
  const auto taken = after(1, 204);
  EXPECT_EQ(taken.delivery.state, State::delivered);
  EXPECT_EQ(taken.delivery.ended_at, now);
  EXPECT_EQ(taken.delivery.attempts, 1);
  EXPECT_EQ(taken.subscription, Subscriber::active);
}

TEST(Delivery, NotTakenWaitsForItsPlaceInTheSchedule) {
  const auto second = after(2, 500);
  EXPECT_EQ(second.delivery.state, State::retrying);
  EXPECT_EQ(second.delivery.next_attempt_at, now + 1min);
  EXPECT_EQ(second.delivery.ended_at, std::nullopt);
  const auto last = after(max_attempts, 0);
  EXPECT_EQ(last.delivery.state, State::dead_lettered);
  EXPECT_EQ(last.delivery.ended_at, now);
}

TEST(Delivery, TheSubscriptionIsAsItsLastAttemptWas) {
  EXPECT_EQ(after(1, 500).subscription, Subscriber::failing);
  EXPECT_EQ(after(1, 200, Subscriber::failing).subscription, Subscriber::active);
  EXPECT_EQ(after(max_attempts, 500).subscription, Subscriber::failing);
  EXPECT_EQ(after(1, 500, Subscriber::paused).subscription, Subscriber::paused) << "a person paused it meanwhile";
  EXPECT_EQ(after(1, 200, Subscriber::disabled).subscription, Subscriber::disabled);
}

TEST(Delivery, GoneDisablesTheSubscriptionAndTheDeliveryWaits) {
  const auto gone = after(1, 410);
  EXPECT_EQ(gone.subscription, Subscriber::disabled);
  EXPECT_EQ(gone.delivery.state, State::retrying);
  EXPECT_EQ(after(1, 410, Subscriber::disabled).subscription, Subscriber::disabled);
}

TEST(Delivery, WhoseLastAttemptWasLostIsADeadLetter) {
  const auto lost = *begin_attempt({}, max_attempts, now);
  EXPECT_EQ(lost.state, State::dead_lettered);
  EXPECT_EQ(lost.attempts, 0) << "no attempt was begun";
  EXPECT_EQ(lost.ended_at, now);
}

TEST(Delivery, OnlyWhatIsThroughCanBeReplayed) {
  const auto again = *replay(after(1, 200).delivery);
  EXPECT_EQ(again.state, State::pending);
  EXPECT_EQ(again.ended_at, std::nullopt);
  EXPECT_EQ(replay(Delivery{}).error().reason, Reason::illegal_transition);
}

}  // namespace
}  // namespace holdfast::notifications
