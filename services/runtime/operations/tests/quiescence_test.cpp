#include "runtime/operations/quiescence.h"

#include <semaphore>

#include "runtime/operations/tests/operations_fixture.h"

namespace holdfast::operations {
namespace {

struct QuiescenceTest : OperationsTest {
  void SetUp() override {
    business_timers.on("things.tick", [this](events::UnitOfWork&, Uuid, Instant) -> Result<std::optional<Instant>> {
      if (refuses) return fail(Reason::internal, "no");
      return std::optional<Instant>();
    });
    consumer.on("things.react", "", [](events::UnitOfWork&, const events::Event&) { return Result<>(); });
    const auto created = events::create_topics(brokers(), {{.name = topic, .partitions = 3}}, 30s);
    ASSERT_TRUE(created) << describe(created.error());
  }
  Standing look() {
    auto standing = standing_of(subject, service_call(agency, "test", 30s), clock.now());
    EXPECT_TRUE(standing) << describe(standing.error());
    return standing ? *std::move(standing) : Standing{};
  }
  bool refuses = false;
};

TEST_F(QuiescenceTest, WorkIsSeenWhereverItIs) {
  EXPECT_TRUE(look().service.settled()) << "nothing has happened yet";

  ASSERT_TRUE(set_timer(clock.now() + 1h));
  EXPECT_TRUE(look().service.settled());
  EXPECT_EQ(look().next_due, clock.now() + 1h);
  clock.advance(1h);
  EXPECT_TRUE(look().service.timer_due());
  EXPECT_FALSE(look().service.settled());
  const auto before = look().service.activity();
  ASSERT_EQ(*business_timers.fire_due("things.tick"), 1u);
  EXPECT_TRUE(look().service.settled());
  EXPECT_EQ(look().next_due, std::nullopt);

  ASSERT_TRUE(publish({event("a"), event("b")}));
  EXPECT_EQ(look().service.outbox_events(), 2);
  EXPECT_FALSE(look().service.settled());
  while (look().service.outbox_events() > 0) ASSERT_TRUE(relay.relay_once());
  EXPECT_EQ(look().service.unhandled_events(), 2);
  EXPECT_FALSE(look().service.settled());

  consumer.start();
  const auto until = std::chrono::steady_clock::now() + 60s;
  while (!look().service.settled() && std::chrono::steady_clock::now() < until) {
  }
  EXPECT_EQ(look().service.unhandled_events(), 0);
  EXPECT_EQ(look().service.activity(), before + 5) << "a firing, two events relayed, two handled";
}

TEST_F(QuiescenceTest, WhatAnEventLeavesInHandIsNotHandled) {
  std::binary_semaphore entered{0}, may_go{0};
  consumer.on("things.slow", "", [&](events::UnitOfWork&, const events::Event&) -> Result<> {
    entered.release();
    may_go.acquire();
    return {};
  });
  ASSERT_TRUE(publish({event()}));
  while (look().service.outbox_events() > 0) ASSERT_TRUE(relay.relay_once());
  consumer.start();
  entered.acquire();
  EXPECT_EQ(look().service.unhandled_events(), 1);
  may_go.release();
  while (!look().service.settled()) {
  }
}

TEST_F(QuiescenceTest, ATimerThatFailsIsCountedAndNotWaitedFor) {
  refuses = true;
  ASSERT_TRUE(set_timer(clock.now()));
  ASSERT_EQ(*business_timers.fire_due("things.tick"), 1u);
  clock.advance(1h);
  EXPECT_EQ(look().service.failing_timers(), 1);
  EXPECT_FALSE(look().service.timer_due());
  EXPECT_TRUE(look().service.settled());
}

TEST_F(QuiescenceTest, AServiceThatReactsToNothingSaysSo) {
  events::Consumer none(transactor, {.group = "none", .brokers = brokers(), .topics = {}});
  Subject alone{.name = "alone", .database = database, .relay = relay, .consumer = none, .invariants = {}};
  const auto standing = standing_of(alone, call, clock.now());
  ASSERT_TRUE(standing) << describe(standing.error());
  EXPECT_EQ(standing->service.unhandled_events(), -1);
  EXPECT_TRUE(standing->service.settled());
}

}  // namespace
}  // namespace holdfast::operations
