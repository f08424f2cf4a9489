#include "notifications/sending/mailer.h"

#include <gmock/gmock.h>

#include "notifications/app/tests/agency_book.h"
#include "notifications/channels/tests/child_server.h"
#include "notifications/events/reactions.h"
#include "notifications/sending/tests/silent_server.h"

namespace holdfast::notifications {
namespace {

using namespace std::chrono_literals;

constexpr sql::Statement messages_by_attempts{"test.messages_by_attempts",
                                              "SELECT state || ' ' || attempts FROM messages ORDER BY attempts DESC"};
// What any statement that locks or writes a row leaves another value of.
constexpr sql::Statement timer_row_versions{
    "test.timer_row_versions",
    "SELECT concat_ws(' ', subject_id, ctid, xmin, xmax, next_due) FROM runtime.timers ORDER BY subject_id"};

struct MailerTest : ::testing::Test, AgencyBook {
  void SetUp() override {
    ASSERT_TRUE(keep());
    send_mails(consumer, desk, {});
  }

  events::Event ticket_opened() {
    const TicketOpened fact{{.id = TicketId{new_uuid()},
                             .account_id = account,
                             .location_id = location,
                             .name = "Circuit down",
                             .priority = Priority::p1,
                             .opened_at = clock.now()}};
    return events::encode(fact, agency, clock.now());
  }
  void handle(const events::Event& event) {
    const auto handled = consumer.handle("notifications.ticket_opened", event);
    ASSERT_TRUE(handled) << describe(handled.error());
  }

  static Mailer::Options options(const ChildServer& server) {
    return {.server = {.host = "localhost", .port = server.ready().at("port"), .ca_file = server.ready().at("ca")},
            .from = {"Holdfast", "holdfast@agency.example"},
            .workers = 2};
  }
  static Mailer::Options silent(const SilentServer& server) {
    return {.server = {.host = "127.0.0.1", .port = server.port},
            .from = {"Holdfast", "holdfast@agency.example"},
            .workers = 1};
  }
  // Fires what is due, waits for what was claimed, ends.
  void send_what_is_due(const Mailer::Options& with) {
    timers::Timers timers(transactor, clock, {});
    const auto mailer = Mailer::start(transactor, clock, timers, with);
    ASSERT_TRUE(mailer) << describe(mailer.error());
    const auto fired = timers.fire_due(mail_timer);
    ASSERT_TRUE(fired) << describe(fired.error());
    (*mailer)->stop();
  }
  std::vector<std::string> states() {
    return *database.read(call, [](sql::Transaction& tx) { return tx.many<std::string>(messages_by_attempts); });
  }
  std::vector<std::string> timer_rows() {
    return *database.read(call, [](sql::Transaction& tx) { return tx.many<std::string>(timer_row_versions); });
  }
  static std::string message_id(const nlohmann::json& seen) { return seen.at("headers").at("message-id"); }

  Desk desk{clock, "https://console.example", [] {}};
  events::Consumer consumer{transactor, {.group = "test"}};
};

TEST_F(MailerTest, OneMailAnEventHoweverOftenItIsHandled) {
  ChildServer server("mail_receiver.py", "starttls");
  const auto event = ticket_opened();
  handle(event);
  handle(event);
  temporary.run("DELETE FROM runtime.inbox");
  handle(event);
  send_what_is_due(options(server));
  const auto first = server.next();
  EXPECT_EQ(first.at("recipients").at(0), "ann@agency.example");
  EXPECT_EQ(first.at("headers").at("subject").get<std::string>().substr(0, 13), "Acme <Dental>");
  EXPECT_EQ(states(), std::vector<std::string>{"completed 1"});

  handle(ticket_opened());
  send_what_is_due(options(server));
  EXPECT_NE(message_id(server.next()), message_id(first)) << "nothing came in between";
  EXPECT_EQ(states().size(), 2u);
}

TEST_F(MailerTest, AMailWhoseOutcomeWasLostIsRepeatedWithItsMessageId) {
  ChildServer server("mail_receiver.py", "starttls");
  handle(ticket_opened());
  // The server takes the mail, and whoever sent it never gets to say so.
  temporary.run(
      "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''died''; END';"
      "CREATE TRIGGER die BEFORE UPDATE ON messages FOR EACH ROW WHEN (NEW.state = 'completed') "
      "EXECUTE FUNCTION die()");
  send_what_is_due(options(server));
  const auto first = server.next();
  EXPECT_EQ(states(), std::vector<std::string>{"inProgress 1"});
  temporary.run("DROP TRIGGER die ON messages");

  send_what_is_due(options(server));
  EXPECT_EQ(states(), std::vector<std::string>{"inProgress 1"}) << "while the lease lasts it is somebody's";
  clock.advance(10min);
  send_what_is_due(options(server));
  EXPECT_EQ(message_id(server.next()), message_id(first));
  EXPECT_EQ(states(), std::vector<std::string>{"completed 2"});
}

TEST_F(MailerTest, ARefusedRecipientIsFinalAndABusyServerIsNot) {
  ChildServer server("mail_receiver.py", "starttls");
  owner.email = "550@agency.example";
  owner.version = 2;
  ASSERT_TRUE(keep());
  handle(ticket_opened());
  send_what_is_due(options(server));
  EXPECT_EQ(states(), std::vector<std::string>{"failed 1"});

  owner.email = "450@agency.example";
  owner.version = 3;
  ASSERT_TRUE(keep());
  handle(ticket_opened());
  send_what_is_due(options(server));
  clock.advance(mail_delays.at(0) + 10s);
  send_what_is_due(options(server));
  EXPECT_EQ(states(), (std::vector<std::string>{"initial 2", "failed 1"}));
}

TEST_F(MailerTest, ASilentServerKeepsItsWorkersAndNothingElse) {
  SilentServer server;
  for (int ticket = 0; ticket < 3; ++ticket) handle(ticket_opened());
  timers::Timers timers(transactor, clock, {});
  const auto mailer = *Mailer::start(transactor, clock, timers, silent(server));
  EXPECT_EQ(*timers.fire_due(mail_timer), 1u);
  const int connection = server.next();
  handle(ticket_opened());
  const auto before = timer_rows();
  EXPECT_EQ(*timers.fire_due(mail_timer), 0u);
  EXPECT_EQ(timer_rows(), before) << "those that wait are neither claimed nor put off";
  close(connection);
  mailer->stop();
  EXPECT_EQ(states(), (std::vector<std::string>{"initial 1", "initial 0", "initial 0", "initial 0"}))
      << "no more is claimed than there are workers";
}

TEST_F(MailerTest, AWorkerThatIsFreeAgainIsGivenTheNextAtOnce) {
  SilentServer server;
  for (int ticket = 0; ticket < 2; ++ticket) handle(ticket_opened());
  timers::Timers timers(transactor, clock, {.poll = 1h});
  const auto mailer = *Mailer::start(transactor, clock, timers, silent(server));
  timers.start();
  close(server.next());
  close(server.next());
  timers.stop();
  mailer->stop();
  EXPECT_EQ(states(), (std::vector<std::string>{"initial 1", "initial 1"}));
}

}  // namespace
}  // namespace holdfast::notifications
