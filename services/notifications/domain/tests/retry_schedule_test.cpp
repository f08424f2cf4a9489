#include "notifications/domain/retry_schedule.h"

#include <gtest/gtest.h>

namespace holdfast::notifications {
namespace {

using namespace std::chrono_literals;
using Kind = Verdict::Kind;

const Instant now = *parse_instant("2026-03-01T12:00:00Z");
const RandomFraction no_jitter = [] { return 0.0; };

Verdict after(int attempt, Outcome outcome) { return after_attempt(attempt, outcome, now, no_jitter); }

TEST(RetrySchedule, WaitsLongerEachTimeThenGivesUp) {
  const Outcome failed{500, {}};
  Duration total{};
  for (int attempt = 1; attempt < max_attempts; ++attempt) {
    const auto verdict = after(attempt, failed);
    ASSERT_EQ(verdict.kind, Kind::retry) << attempt;
    total += verdict.retry_at - now;
  }
  EXPECT_EQ(after(1, failed).retry_at, now + 10s);
  EXPECT_EQ(after(4, failed).retry_at, now + 30min);
  EXPECT_EQ(after(9, failed).retry_at, now + 24h);
  EXPECT_EQ(total, 68h + 36min + 10s);
  EXPECT_EQ(after(10, failed).kind, Kind::dead_letter);
  EXPECT_EQ(after(11, failed).kind, Kind::dead_letter);
}

TEST(RetrySchedule, OnlyA2xxIsSuccess) {
  for (const int status : {200, 201, 202, 204, 299}) EXPECT_EQ(after(1, {status, {}}).kind, Kind::delivered) << status;
  for (const int status : {0, 100, 199, 300, 301, 302, 307, 308, 400, 401, 404, 500, 502, 504, 999}) {
    EXPECT_EQ(after(1, {status, {}}).kind, Kind::retry) << status;
  }
  EXPECT_EQ(after(max_attempts, {204, {}}).kind, Kind::delivered);
}

TEST(RetrySchedule, GoneDisablesAtAnyAttempt) {
  EXPECT_EQ(after(1, {410, {}}).kind, Kind::disable);
  EXPECT_EQ(after(max_attempts, {410, {}}).kind, Kind::disable);
}

TEST(RetrySchedule, HonoursRetryAfterWithinBounds) {
  for (const int status : {429, 503}) {
    EXPECT_EQ(after(1, {status, 90s}).retry_at, now + 90s);
    EXPECT_EQ(after(1, {status, 1s}).retry_at, now + 10s) << "never sooner than the schedule";
    EXPECT_EQ(after(1, {status, 1'000'000s}).retry_at, now + 24h);
    EXPECT_EQ(after(1, {status, -5s}).retry_at, now + 10s);
    EXPECT_EQ(after(9, {status, 1s}).retry_at, now + 24h);
    EXPECT_EQ(after(10, {status, 90s}).kind, Kind::dead_letter) << "asking for patience is no way to be tried for ever";
  }
  EXPECT_EQ(after(1, {500, 90s}).retry_at, now + 10s);
}

TEST(RetrySchedule, JitterOnlyLengthens) {
  const auto at = [](double fraction) { return after_attempt(2, {500, {}}, now, [=] { return fraction; }).retry_at; };
  EXPECT_EQ(at(0.0), now + 60s);
  EXPECT_EQ(at(0.5), now + 63s);
  EXPECT_LT(at(0.999), now + 66s);
}

}  // namespace
}  // namespace holdfast::notifications
