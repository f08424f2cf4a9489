#include "runtime/operations/verify.h"

#include "runtime/operations/agencies.sql.h"
#include "runtime/operations/tests/operations_fixture.h"

namespace holdfast::operations {
namespace {

using ::testing::HasSubstr;

constexpr sql::Statement things_sound{
    "things.invariants.things_sound",
    "SELECT 'things' AS what, count(*) AS looked_at, count(*) FILTER (WHERE NOT sound) AS wrong, "
    "min(id::text) FILTER (WHERE NOT sound) AS example FROM things"};
constexpr std::array<const sql::Statement*, 1> own_invariants{&things_sound};

struct VerifyTest : OperationsTest {
  void SetUp() override {
    subject.invariants = own_invariants;
    business_timers.on("things.tick", [](events::UnitOfWork&, Uuid, Instant) -> Result<std::optional<Instant>> {
      return fail(Reason::internal, "no");
    });
  }
  Call asker = service_call(AgencyId{}, "test", 30s);  // the installation itself
  Verdict verdict(const std::string& name) {
    const auto all = verify(subject, asker, {.looks = 1});
    EXPECT_TRUE(all) << describe(all.error());
    for (const auto& one : all ? *all : std::vector<Verdict>()) {
      if (one.name == name) return one;
    }
    ADD_FAILURE() << "no invariant " << name;
    return {};
  }
  std::vector<std::string> broken() {
    const auto all = verify(subject, asker, {.looks = 1});
    std::vector<std::string> names;
    for (const auto& one : all ? *all : std::vector<Verdict>()) {
      if (!one.holds) names.push_back(one.name);
    }
    return names;
  }
  // Breaks it as its owner, who may do anything.
  void expect_broken(const std::string& script, const std::string& name, const std::string& detail) {
    EXPECT_TRUE(verdict(name).holds) << verdict(name).detail;
    temporary.run(script);
    EXPECT_THAT(broken(), ::testing::ElementsAre(name));
    EXPECT_THAT(verdict(name).detail, HasSubstr(detail));
  }
};

TEST_F(VerifyTest, AllOfItHoldsWhereNothingIsWrong) {
  ASSERT_TRUE(publish({event("a"), event("a"), event("b")}));
  ASSERT_TRUE(set_timer(clock.now() + 1h));
  EXPECT_THAT(broken(), ::testing::IsEmpty());
  EXPECT_EQ(verdict("outbox-drained-in-order").detail, "3 events in the outbox");
  EXPECT_EQ(verdict("streams-without-gaps").detail, "2 streams with events in the outbox");
}

TEST_F(VerifyTest, EventsThatStayInTheOutboxAreSeen) {
  ASSERT_TRUE(publish({event("a")}));
  expect_broken("UPDATE runtime.outbox SET created_at = now() - interval '2 minutes'", "outbox-drained-in-order",
                "1 wrong, such as " + topic + " a 1");
}

TEST_F(VerifyTest, EventsOutOfOrderAreSeen) {
  ASSERT_TRUE(publish({event("a"), event("a")}));
  expect_broken("UPDATE runtime.outbox SET sequence = 3 - sequence", "outbox-drained-in-order", "1 wrong");
}

TEST_F(VerifyTest, AGapInAStreamIsSeen) {
  ASSERT_TRUE(publish({event("a"), event("a"), event("a")}));
  expect_broken("DELETE FROM runtime.outbox WHERE sequence = 2", "streams-without-gaps", "1 wrong, such as " + topic);
}

TEST_F(VerifyTest, AStreamThatLostItsEndIsSeen) {
  ASSERT_TRUE(publish({event("a"), event("a"), event("a")}));
  expect_broken("DELETE FROM runtime.outbox WHERE sequence = 3", "streams-without-gaps", "1 wrong");
}

TEST_F(VerifyTest, WhatTheRelayParkedIsNoGap) {
  ASSERT_TRUE(publish({event("a"), event("a"), event("a")}));
  temporary.run(R"sql(
WITH gone AS (DELETE FROM runtime.outbox WHERE sequence = 2 RETURNING *)
INSERT INTO runtime.dead_letters
SELECT 'relay', event_id, agency_id, topic, key, type, sequence, occurred_at, payload, 'R', 'm' FROM gone)sql");
  EXPECT_THAT(broken(), ::testing::IsEmpty());
  EXPECT_EQ(verdict("inbox-consistent").detail, "1 dead letters");
}

TEST_F(VerifyTest, ADeadLetterThatTheInboxForgotIsSeen) {
  expect_broken(R"sql(
INSERT INTO runtime.dead_letters VALUES ('h', gen_random_uuid(), gen_random_uuid(), 't', 'k', 't', 1, now(), '', 'R', 'm')
)sql",
                "inbox-consistent", "1 wrong, such as h ");
}

TEST_F(VerifyTest, AnEventHandledInTheFutureIsSeen) {
  expect_broken("INSERT INTO runtime.inbox VALUES ('h', gen_random_uuid(), now() + interval '2 hours')",
                "inbox-consistent", "1 wrong");
}

TEST_F(VerifyTest, WhatIsNotForgottenIsSeen) {
  expect_broken("INSERT INTO runtime.inbox VALUES ('h', gen_random_uuid(), now() - interval '39 days')",
                "old-rows-forgotten", "1 wrong, such as inbox");
}

TEST_F(VerifyTest, AnswersThatAreNotForgottenAreSeen) {
  expect_broken(
      "INSERT INTO runtime.requests VALUES (gen_random_uuid(), 'm', 'r', gen_random_uuid(), '', now() - interval '3 "
      "days')",
      "old-rows-forgotten", "1 wrong, such as requests");
}

TEST_F(VerifyTest, AnOwnEventWithoutAPlaceIsSeen) {
  expect_broken("INSERT INTO runtime.early_events VALUES (gen_random_uuid(), gen_random_uuid(), 3, 't', now(), '')",
                "taken-back-in-place", "1 wrong");
}

TEST_F(VerifyTest, ATimerThatDoesNotFireIsSeen) {
  ASSERT_TRUE(set_timer(clock.now()));
  EXPECT_TRUE(verdict("business-timers-fired").holds) << "it is just about to";
  clock.advance(61s);
  EXPECT_FALSE(verdict("business-timers-fired").holds);
  EXPECT_THAT(verdict("business-timers-fired").detail, HasSubstr("things.tick: 1 due, the oldest for 61 s"));
}

TEST_F(VerifyTest, ATimerThatFailsIsSeen) {
  ASSERT_TRUE(set_timer(clock.now()));
  ASSERT_TRUE(business_timers.fire_due("things.tick"));
  EXPECT_THAT(verdict("business-timers-fired").detail, HasSubstr("1 failing"));
}

TEST_F(VerifyTest, EveryAgencyIsLookedAt) {
  temporary.run("INSERT INTO things SELECT gen_random_uuid(), gen_random_uuid(), true FROM generate_series(1, 250)");
  EXPECT_EQ(verdict("things-sound").detail, "250 things");
  expect_broken("UPDATE things SET sound = false WHERE agency_id = (SELECT max(agency_id::text)::uuid FROM things)",
                "things-sound", "250 things; 1 wrong, such as ");
}

TEST_F(VerifyTest, AnAgencyIsShownNoExampleWhichMayBeAnothers) {
  temporary.run("INSERT INTO things VALUES (gen_random_uuid(), gen_random_uuid(), false)");
  EXPECT_THAT(verdict("things-sound").detail, HasSubstr("such as"));
  asker = service_call(AgencyId{new_uuid()}, "test", 30s);
  EXPECT_EQ(verdict("things-sound").detail, "1 things; 1 wrong");
}

TEST_F(VerifyTest, WhatIsWrongOnlyForAMomentHolds) {
  temporary.run("INSERT INTO things VALUES (gen_random_uuid(), gen_random_uuid(), false)");
  std::jthread mends([&] { temporary.run("UPDATE things SET sound = true"); });
  const auto all = verify(subject, asker, {.looks = 60'000, .pause = 1ms});
  ASSERT_TRUE(all) << describe(all.error());
  for (const auto& one : *all) EXPECT_TRUE(one.holds) << one.name;
}

}  // namespace
}  // namespace holdfast::operations
