#include "notifications/domain/message.h"

#include <gtest/gtest.h>

namespace holdfast::notifications {
namespace {

using namespace std::chrono_literals;
using Kind = MailOutcome::Kind;

const Instant now = *parse_instant("2026-01-05T09:00:00Z");

double no_jitter() { return 0; }

Message begun(int attempts) {
  Message message;
  message.state = MessageState::initial;
  message.attempts = attempts - 1;
  return *begin_attempt(message, now + 2min, now);
}

Message after(int attempts, Kind kind, const std::string& detail = "") {
  return *end_attempt(begun(attempts), {kind, 250, detail}, now, now, no_jitter);
}

TEST(Message, AnAttemptIsCountedBeforeItIsMade) {
  const auto message = begun(1);
  EXPECT_EQ(message.state, MessageState::in_progress);
  EXPECT_EQ(message.attempts, 1);
  EXPECT_EQ(message.next_attempt_at, now + 2min) << "the lease's end";
  EXPECT_EQ(message.version, 2);
}

TEST(Message, SentAndRefusedAreFinal) {
  const auto sent = after(1, Kind::sent, "250 2.0.0 accepted");
  EXPECT_EQ(sent.state, MessageState::completed);
  EXPECT_EQ(sent.ended_at, now);
  EXPECT_EQ(sent.next_attempt_at, std::nullopt);
  EXPECT_EQ(sent.last_reply, "250 2.0.0 accepted");
  EXPECT_EQ(after(1, Kind::refused).state, MessageState::failed);
  EXPECT_FALSE(begin_attempt(sent, now, now));
}

TEST(Message, WaitsLongerAfterEachAttemptThatFailed) {
  Duration all{};
  for (int attempt = 1; attempt < max_mail_attempts; ++attempt) {
    const auto message = after(attempt, Kind::try_again);
    ASSERT_EQ(message.state, MessageState::initial) << attempt;
    all += *message.next_attempt_at - now;
  }
  EXPECT_EQ(all, 39h + 42min + 30s);
  EXPECT_EQ(after(1, Kind::try_again).next_attempt_at, now + 30s);
  EXPECT_EQ(after(max_mail_attempts, Kind::try_again).state, MessageState::failed);
}

TEST(Message, JitterOnlyLengthens) {
  const auto message = *end_attempt(begun(1), {Kind::try_again, 0, ""}, now, now, [] { return 0.999; });
  EXPECT_GT(message.next_attempt_at, now + 30s);
  EXPECT_LE(message.next_attempt_at, now + 33s);
}

TEST(Message, AnAttemptThatNobodyReportedOnCounts) {
  const auto again = *begin_attempt(begun(1), now + 5min, now);
  EXPECT_EQ(again.state, MessageState::in_progress);
  EXPECT_EQ(again.attempts, 2);
  EXPECT_EQ(again.last_reply, "whether the last attempt arrived is not known");
  const auto last = *begin_attempt(begun(max_mail_attempts), now + 5min, now);
  EXPECT_EQ(last.state, MessageState::failed);
  EXPECT_EQ(last.attempts, max_mail_attempts);
  EXPECT_EQ(last.next_attempt_at, std::nullopt);
}

TEST(Message, AServersWordsArePlainAndShort) {
  const auto message = after(1, Kind::try_again, "\xff nicht\r\nhier" + std::string(1000, 'x'));
  EXPECT_EQ(message.last_reply.substr(0, 13), "? nicht?\nhier");
  EXPECT_EQ(message.last_reply.size(), max_last_reply_bytes);
}

}  // namespace
}  // namespace holdfast::notifications
