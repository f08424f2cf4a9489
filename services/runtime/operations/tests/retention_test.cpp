#include "runtime/operations/retention.h"

#include "runtime/core/clock.h"
#include "runtime/operations/tests/operations_fixture.h"

namespace holdfast::operations {
namespace {

constexpr sql::Statement inbox{"test.inbox", "SELECT count(*) FROM runtime.inbox"};
constexpr sql::Statement requests{"test.requests", "SELECT count(*) FROM runtime.requests"};
constexpr sql::Statement letters{"test.letters", "SELECT count(*) FROM runtime.dead_letters"};

struct RetentionTest : OperationsTest {
  void SetUp() override {
    temporary.run(R"sql(
INSERT INTO runtime.inbox (handler, event_id) SELECT 'h', gen_random_uuid() FROM generate_series(1, 10);
INSERT INTO runtime.requests (agency_id, method, request_id, fingerprint, response)
  SELECT gen_random_uuid(), 'm', 'r', gen_random_uuid(), '' FROM generate_series(1, 10);
INSERT INTO runtime.dead_letters SELECT 'h', event_id, gen_random_uuid(), 't', 'k', 't', 1, now(), '', 'R', 'm'
  FROM runtime.inbox;)sql");
  }
  std::int64_t count(const sql::Statement& statement) { return query<std::int64_t>(statement).at(0); }

  testing::FakeClock later{SystemClock().now()};
  Retention::Options options{.name = "things.retention", .batch_rows = 4};
};

TEST_F(RetentionTest, WhatIsOldIsForgottenInBatchesAndNothingElse) {
  Retention retention(database, later, options);
  EXPECT_EQ(*retention.sweep(), 0);
  later.advance(23h);
  EXPECT_EQ(*retention.sweep(), 0);
  later.advance(2h);
  EXPECT_EQ(*retention.sweep(), 10);
  EXPECT_EQ(count(requests), 0);
  EXPECT_EQ(count(inbox), 10) << "Kafka may bring their events again";
  later.advance(events::inbox_retention);
  EXPECT_EQ(*retention.sweep(), 10);
  EXPECT_EQ(count(inbox), 0);
  EXPECT_EQ(count(letters), 10) << "until they are redriven";
}

TEST_F(RetentionTest, OneProcessSweeps) {
  later.advance(events::inbox_retention * 2);
  events::Lease held(database, options.name, 60s);
  ASSERT_TRUE(held.hold());
  EXPECT_EQ(*Retention(database, later, options).sweep(), 0);
  EXPECT_EQ(count(inbox), 10);
}

TEST_F(RetentionTest, ItSweepsByItself) {
  later.advance(events::inbox_retention * 2);
  Retention retention(database, later, options);
  retention.start();
  const auto until = std::chrono::steady_clock::now() + 60s;
  while (count(inbox) + count(requests) > 0 && std::chrono::steady_clock::now() < until) {
  }
  EXPECT_EQ(count(inbox) + count(requests), 0);
}

}  // namespace
}  // namespace holdfast::operations
