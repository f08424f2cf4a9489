#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "notifications/migrations.h"
#include "notifications/store/invariants.sql.h"
#include "runtime/migrations.h"
#include "runtime/operations/verify.h"
#include "runtime/sql/database.h"
#include "runtime/testing/temp_database.h"

namespace holdfast::notifications {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct InvariantsTest : ::testing::Test {
  static constexpr std::array components{sql::Migrations{"runtime", runtime::migrations},
                                         sql::Migrations{"notifications", migrations}};

  // A mail that waits, and a subscription whose one lane waits to try its first of two deliveries again.
  void SetUp() override {
    temporary.run(R"sql(
INSERT INTO messages (agency_id, id, account_id, event_id, template, recipient_id, recipient_name, recipient_address,
                      subject, text, state, attempts, last_reply, created_at, version, html, calendar)
  SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'ticketOpened', gen_random_uuid(),
         'Pat', 'pat@agency.example', 's', 't', 'initial', 0, '', now(), 1, '', '';
INSERT INTO subscriptions (agency_id, id, callback_url, description, event_names, account_ids, state, created_at,
                           version, secret_key_id, secret)
  VALUES (gen_random_uuid(), gen_random_uuid(), 'https://x.example', '', '{}', '{}', 'failing', now(), 1, 'k', '');
INSERT INTO webhook_bodies (agency_id, event_id, body, created_at)
  SELECT agency_id, gen_random_uuid(), '{}', now() FROM subscriptions, generate_series(1, 2);
INSERT INTO lanes (agency_id, subscription_id, lane, next_due)
  SELECT agency_id, id, gen_random_uuid(), now() + interval '1 minute' FROM subscriptions;
INSERT INTO deliveries (agency_id, id, subscription_id, event_id, event_name, state, attempts, tries, created_at,
                        version, lane)
  SELECT l.agency_id, gen_random_uuid(), l.subscription_id, b.event_id, 'ticket-opened', 'pending', 0, 0, now(), 1,
         l.lane FROM lanes AS l, webhook_bodies AS b;
UPDATE deliveries SET attempts = 1, tries = 1 WHERE position = (SELECT min(position) FROM deliveries);
INSERT INTO runtime.timers (kind, agency_id, subject_id, next_due)
  SELECT 'notifications.mail', agency_id, id, now() FROM messages UNION ALL
  SELECT 'notifications.webhook', agency_id, id, now() FROM subscriptions;)sql");
    ASSERT_THAT(broken(), IsEmpty());
  }
  std::vector<std::string> broken() {
    std::vector<std::string> names;
    for (const auto* invariant : statements::all_of_invariants) {
      const auto verdict = operations::check(database, call, *invariant, {.looks = 1});
      EXPECT_TRUE(verdict) << describe(verdict.error());
      if (verdict && !verdict->holds) names.push_back(verdict->name);
    }
    return names;
  }
  std::vector<std::string> broken_by(const std::string& script) {
    temporary.run(script);
    return broken();
  }

  testing::TempDatabase temporary{components};
  sql::Database database{{.url = temporary.url(), .pool_size = 2, .constraints = {}}};
  Call call = service_call({}, "test", std::chrono::seconds(60));
};

TEST_F(InvariantsTest, AMailWithoutATimerIsSeen) {
  EXPECT_THAT(broken_by("DELETE FROM runtime.timers WHERE kind = 'notifications.mail'"), ElementsAre("messages-timed"));
}

TEST_F(InvariantsTest, AMailMayWaitForTheMorning) {
  temporary.run("UPDATE runtime.timers SET kind = 'notifications.quiet_hours' WHERE kind = 'notifications.mail'");
  EXPECT_THAT(broken_by("SELECT"), IsEmpty());
}

TEST_F(InvariantsTest, AMailThatIsThroughNeedsNone) {
  temporary.run("UPDATE messages SET ended_at = now()");
  EXPECT_THAT(broken_by("DELETE FROM runtime.timers WHERE kind = 'notifications.mail'"), IsEmpty());
}

TEST_F(InvariantsTest, ALaneThatIsNeverDueIsSeen) {
  EXPECT_THAT(broken_by("UPDATE lanes SET next_due = NULL"), ElementsAre("lanes-due"));
}

TEST_F(InvariantsTest, ALaneWithoutATimerIsSeen) {
  EXPECT_THAT(broken_by("DELETE FROM runtime.timers WHERE kind = 'notifications.webhook'"), ElementsAre("lanes-due"));
}

TEST_F(InvariantsTest, AnAttemptThatOutlivesItsLeaseIsSeen) {
  EXPECT_THAT(broken_by("UPDATE lanes SET claimed = true, next_due = now() - interval '6 minutes'"),
              ElementsAre("lanes-due"));
}

TEST_F(InvariantsTest, NothingIsDueForWhoDoesNotListen) {
  temporary.run("UPDATE subscriptions SET state = 'disabled'");
  EXPECT_THAT(broken_by("UPDATE lanes SET next_due = NULL"), IsEmpty());
}

TEST_F(InvariantsTest, ADeliveryThatWasOvertakenIsSeen) {
  EXPECT_THAT(broken_by("UPDATE deliveries SET attempts = 1, tries = 1, ended_at = now() "
                        "WHERE position = (SELECT max(position) FROM deliveries)"),
              ElementsAre("lanes-ordered"));
}

TEST_F(InvariantsTest, AReplayedDeliveryIsNot) {
  EXPECT_THAT(broken_by("UPDATE deliveries SET attempts = 3, tries = 1; UPDATE deliveries SET ended_at = now() "
                        "WHERE position = (SELECT max(position) FROM deliveries)"),
              IsEmpty());
}

TEST_F(InvariantsTest, ADeliveryWithoutItsBodyIsSeen) {
  EXPECT_THAT(broken_by("DELETE FROM webhook_bodies"), ElementsAre("bodies-kept"));
}

}  // namespace
}  // namespace holdfast::notifications
