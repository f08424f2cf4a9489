#include <gmock/gmock.h>

#include "notifications/app/mails.h"
#include "notifications/app/tests/agency_book.h"
#include "runtime/testing/looks.h"
#include "runtime/timers/timers.h"

namespace holdfast::notifications {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr sql::Statement message_ids{"test.message_ids", "SELECT id FROM messages ORDER BY id"};
constexpr sql::Statement who_got_what{
    "test.who_got_what", "SELECT concat_ws(' ', recipient_address, template) AS who FROM messages ORDER BY who"};
using testing::outbox_types;
constexpr sql::Statement timer_dues{"test.timer_dues",
                                    "SELECT next_due FROM runtime.timers "
                                    "WHERE kind <> 'notifications.mail_bodies' ORDER BY next_due"};
constexpr sql::Statement bodies{"test.bodies",
                                "SELECT CASE concat(text, html, calendar) WHEN '' THEN 'gone' ELSE 'kept' END "
                                "FROM messages ORDER BY ended_at"};
constexpr sql::Statement bodies_due{"test.bodies_due",
                                    "SELECT next_due FROM runtime.timers WHERE kind = 'notifications.mail_bodies'"};
constexpr sql::Statement hold_bodies{"test.hold_bodies",
                                     "SELECT FROM runtime.timers WHERE kind = 'notifications.mail_bodies' FOR UPDATE"};

struct MessagesTest : ::testing::Test, AgencyBook {
  Result<> tell(Priority priority, const Uuid& event_id = new_uuid()) {
    const TicketOpened fact{{.id = TicketId{new_uuid()},
                             .account_id = account,
                             .location_id = location,
                             .name = "Circuit down & out",
                             .priority = priority,
                             .opened_at = clock.now()}};
    return transactor.run(call, [&](events::UnitOfWork& work) {
      return tell_of(work, desk, fact, {event_id, clock.now()});
    });
  }
  template <class T>
  std::vector<T> all(const sql::Statement& statement) {
    return *database.read(call, [&](sql::Transaction& transaction) { return transaction.many<T>(statement); });
  }
  Message only_message() {
    const auto ids = all<MessageId>(message_ids);
    EXPECT_EQ(ids.size(), 1u);
    return *database.read(call, [&](sql::Transaction& tx) { return get_message(tx, {ids.at(0)}); });
  }
  Result<std::optional<ClaimedMail>> claim(const MessageId& id) {
    return transactor.run(call, [&](events::UnitOfWork& work) { return claim_mail(work, id, clock.now() + 2min); });
  }
  Result<> record(const Message& claimed, MailOutcome outcome) {
    return transactor.run(call, [&](events::UnitOfWork& work) {
      return record_mail(work, claimed, outcome, clock.now(), [] { return 0.0; });
    });
  }

  Desk desk{clock, "https://console.example", [] {}};
};

TEST_F(MessagesTest, ATicketTellsTheAccountsOwner) {
  ASSERT_TRUE(keep());
  ASSERT_TRUE(tell(Priority::p1));
  const auto message = only_message();
  EXPECT_EQ(message.state, MessageState::initial);
  EXPECT_EQ(message.template_name, "ticket_opened");
  EXPECT_EQ(message.recipient_address, "ann@agency.example");
  EXPECT_THAT(message.subject, HasSubstr("Acme <Dental>"));
  for (const auto* text : {"Hello Ann Ng", "P1, out of service", "HQ", "12:00 PM New York time (UTC-5)",
                           "https://console.example/tickets/", "Sent by Holdfast for Harbor Voice & Data"}) {
    EXPECT_THAT(message.text, HasSubstr(text));
  }
  EXPECT_EQ(all<Instant>(timer_dues), std::vector{clock.now()});
}

TEST_F(MessagesTest, TheRestOfATicketsLifeIsToldToo) {
  ASSERT_TRUE(keep());
  const Ticket ticket{.id = TicketId{new_uuid()},
                      .account_id = account,
                      .name = "Circuit down",
                      .priority = Priority::p2,
                      .opened_at = clock.now() - 2h,
                      .resolution = "The carrier replaced a card",
                      .resolved_at = clock.now()};
  const auto run = [&](const auto& fact) {
    return transactor.run(call, [&](events::UnitOfWork& work) {
      return tell_of(work, desk, fact, {new_uuid(), clock.now()});
    });
  };
  ASSERT_TRUE(run(TicketResolved{ticket}));
  ASSERT_TRUE(run(SlaWarning{ticket, Promise::restore, 4800, clock.now() + 20h}));
  ASSERT_TRUE(run(SlaBreached{ticket, Promise::acknowledge}));
  std::string texts;
  for (const auto& id : all<MessageId>(message_ids)) {
    texts += database.read(call, [&](sql::Transaction& tx) { return get_message(tx, {id}); })->text;
  }
  for (const auto* text :
       {"Resolution: The carrier replaced a card", "the whole account", "Due:        Tuesday, January 6, 2026, 8:00 AM",
        "We did not keep \"the first answer\"", "Was due:    Monday, January 5, 2026, 12:00 PM"}) {
    EXPECT_THAT(texts, HasSubstr(text));
  }
}

TEST_F(MessagesTest, WhoeverIsGivenATicketIsTold) {
  ASSERT_TRUE(keep());
  const Staff kim{StaffId{new_uuid()}, "Kim", "kim@agency.example", "America/Chicago", 1};
  const Ticket ticket{.id = TicketId{new_uuid()},
                      .account_id = account,
                      .name = "Circuit down",
                      .owner_id = kim.id,
                      .priority = Priority::p1,
                      .opened_at = clock.now()};
  const auto run = [&](const auto& fact) {
    return transactor.run(call, [&](events::UnitOfWork& work) {
      return tell_of(work, desk, fact, {new_uuid(), clock.now()});
    });
  };
  EXPECT_EQ(run(TicketAssigned{ticket, "a key"}).error().reason, Reason::staff_not_found) << "until it is heard of";
  ASSERT_TRUE(run(SlaBreached{ticket, Promise::restore}));
  EXPECT_THAT(all<std::string>(who_got_what), ElementsAre("ann@agency.example sla_breached"))
      << "who never was staff keeps nobody else from hearing of it";
  ASSERT_TRUE(transactor.run(call, [&](events::UnitOfWork& work) { return keep_staff(work, kim); }));
  ASSERT_TRUE(run(TicketAssigned{ticket, to_string(kim.id)})) << "who takes it is not told";
  ASSERT_TRUE(run(TicketAssigned{ticket, "a key"}));
  ASSERT_TRUE(run(SlaWarning{ticket, Promise::restore, 3600, clock.now() + 1h}));
  auto anns = ticket;
  anns.owner_id = owner.id;
  ASSERT_TRUE(run(SlaBreached{anns, Promise::acknowledge}));
  EXPECT_THAT(all<std::string>(who_got_what),
              ElementsAre("ann@agency.example sla_breached", "ann@agency.example sla_breached",
                          "ann@agency.example sla_warning", "kim@agency.example sla_warning",
                          "kim@agency.example ticket_assigned"));
}

TEST_F(MessagesTest, OneEventMakesOneMessage) {
  ASSERT_TRUE(keep());
  const auto event_id = new_uuid();
  ASSERT_TRUE(tell(Priority::p1, event_id));
  ASSERT_TRUE(tell(Priority::p1, event_id));
  only_message();
  EXPECT_EQ(all<Instant>(timer_dues).size(), 1u) << "nor a timer without a message";
}

TEST_F(MessagesTest, QuietHoursDeferWhatIsNotUrgent) {
  ASSERT_TRUE(keep());
  clock.set(*parse_instant("2026-01-06T02:00:00Z"));  // nine in the evening in New York
  ASSERT_TRUE(tell(Priority::p2));
  EXPECT_EQ(only_message().next_attempt_at, *parse_instant("2026-01-06T13:00:00Z"));
  EXPECT_EQ(all<Instant>(timer_dues), std::vector{*parse_instant("2026-01-06T13:00:00Z")});
  ASSERT_TRUE(tell(Priority::p1));
  EXPECT_EQ(all<Instant>(timer_dues).front(), clock.now());
}

TEST_F(MessagesTest, WhoIsNotKnownYetIsToldNothing) {
  EXPECT_EQ(tell(Priority::p1).error().reason, Reason::account_not_found);
  ASSERT_TRUE(keep());
  location = LocationId{new_uuid()};
  EXPECT_EQ(tell(Priority::p1).error().reason, Reason::location_not_found);
  EXPECT_TRUE(all<MessageId>(message_ids).empty());
}

TEST_F(MessagesTest, AnOlderCopyNeverReplacesANewerOne) {
  auto moved = owner;
  moved.email = "new@agency.example";
  moved.version = 2;
  ASSERT_TRUE(transactor.run(call, [&](events::UnitOfWork& work) { return keep_staff(work, moved); }));
  ASSERT_TRUE(keep());
  ASSERT_TRUE(tell(Priority::p1));
  EXPECT_EQ(only_message().recipient_address, "new@agency.example");
}

TEST_F(MessagesTest, AClaimedMailThatWasTakenIsSent) {
  ASSERT_TRUE(keep());
  ASSERT_TRUE(tell(Priority::p1));
  const auto claimed = **claim(only_message().id);
  EXPECT_EQ(only_message().state, MessageState::in_progress);
  EXPECT_THAT(claimed.html, HasSubstr("Acme &lt;Dental&gt;"));
  ASSERT_TRUE(record(claimed.message, {MailOutcome::Kind::sent, 250, "250 accepted"}));
  EXPECT_EQ(only_message().state, MessageState::completed);
  EXPECT_TRUE(all<Instant>(timer_dues).empty());
  EXPECT_EQ(all<std::string>(outbox_types), std::vector<std::string>{"holdfast.message-sent.v1"});
  EXPECT_EQ(*claim(claimed.message.id), std::nullopt) << "a leftover timer sends nothing";
}

TEST_F(MessagesTest, OnlyTheLastClaimDecides) {
  ASSERT_TRUE(keep());
  ASSERT_TRUE(tell(Priority::p1));
  const auto lost = **claim(only_message().id);
  const auto again = **claim(only_message().id);
  ASSERT_TRUE(record(lost.message, {MailOutcome::Kind::refused, 550, "too late"}));
  EXPECT_EQ(only_message().state, MessageState::in_progress);
  ASSERT_TRUE(record(again.message, {MailOutcome::Kind::try_again, 450, "busy"}));
  EXPECT_EQ(only_message().state, MessageState::initial);
  EXPECT_EQ(all<Instant>(timer_dues), std::vector<Instant>{clock.now() + mail_delays.at(1)});
  EXPECT_TRUE(all<std::string>(outbox_types).empty());
}

TEST_F(MessagesTest, ARefusedMailHasFailed) {
  ASSERT_TRUE(keep());
  ASSERT_TRUE(tell(Priority::p1));
  ASSERT_TRUE(record((**claim(only_message().id)).message, {MailOutcome::Kind::refused, 550, "550 nobody here"}));
  EXPECT_EQ(only_message().state, MessageState::failed);
  EXPECT_EQ(only_message().last_reply, "550 nobody here");
  EXPECT_EQ(all<std::string>(outbox_types), std::vector<std::string>{"holdfast.message-failed.v1"});
}

TEST_F(MessagesTest, BodiesAreForgottenWhenTheirTimeIsOverAndTheLedgerStays) {
  ASSERT_TRUE(keep());
  timers::Timers timers(transactor, clock, {});
  timers.on(std::string(bodies_timer),
            [](events::UnitOfWork& work, Uuid, Instant now) { return forget_bodies(work, now); });
  ASSERT_TRUE(tell(Priority::p1));
  const auto sent = only_message();
  ASSERT_TRUE(record((**claim(sent.id)).message, {MailOutcome::Kind::sent, 250, "250 accepted"}));
  ASSERT_TRUE(tell(Priority::p1));
  EXPECT_EQ(all<Instant>(bodies_due), std::vector{*parse_instant("2026-01-06T00:00:00Z")}) << "one timer an agency";

  clock.advance(bodies_kept);
  ASSERT_EQ(*timers.fire_due(bodies_timer), 1u);
  EXPECT_THAT(all<std::string>(bodies), ElementsAre("kept", "kept")) << "not a moment too early";
  clock.advance(24h);
  ASSERT_EQ(*timers.fire_due(bodies_timer), 1u);
  EXPECT_THAT(all<std::string>(bodies), ElementsAre("gone", "kept")) << "what is not through is still to be sent";
  EXPECT_EQ(all<Instant>(bodies_due), std::vector{*parse_instant("2026-02-06T00:00:00Z")});
  const auto kept = *database.read(call, [&](sql::Transaction& tx) { return get_message(tx, {sent.id}); });
  EXPECT_EQ(kept.state, MessageState::completed);
  EXPECT_EQ(kept.subject, sent.subject);
  EXPECT_EQ(kept.recipient_address, sent.recipient_address);

  temporary.run("UPDATE messages SET ended_at = created_at");
  clock.advance(bodies_kept);
  ASSERT_EQ(*timers.fire_due(bodies_timer), 1u);
  EXPECT_THAT(all<std::string>(bodies), ElementsAre("gone", "gone"));
  EXPECT_EQ(all<Instant>(bodies_due).size(), 1u) << "whoever writes the next mail meanwhile relies on it";
}

// All mails of an agency have one timer for their bodies.
TEST_F(MessagesTest, WhoTellsDoesNotWaitForWhoHoldsTheTimerOfBodies) {
  ASSERT_TRUE(keep());
  ASSERT_TRUE(tell(Priority::p1));
  call.deadline = std::chrono::steady_clock::now() + 5s;
  EXPECT_TRUE(database.transact(service_call(agency, "test", 30s), [&](sql::Transaction& holding) -> Result<> {
    EXPECT_EQ(TRY(holding.exec(hold_bodies)), 1);
    return tell(Priority::p1);
  }));
  EXPECT_EQ(all<MessageId>(message_ids).size(), 2u);
}

TEST_F(MessagesTest, TheLedgerIsReadNewestFirstByPages) {
  ASSERT_TRUE(keep());
  for (int count = 0; count < 3; ++count) {
    clock.advance(1h);
    ASSERT_TRUE(tell(Priority::p1));
  }
  const auto ids = all<MessageId>(message_ids);
  const auto list = [&](const ListMessages& query) {
    return *database.read(call, [&](sql::Transaction& tx) { return list_messages(tx, query); });
  };
  const auto first = list({.page_size = 2});
  ASSERT_EQ(first.messages.size(), 2u);
  EXPECT_EQ(first.messages[0].id, ids[2]);
  const auto second = list({.page_size = 2, .page_token = first.next_page_token});
  ASSERT_EQ(second.messages.size(), 1u);
  EXPECT_EQ(second.messages[0].id, ids[0]);
  EXPECT_EQ(second.next_page_token, "");

  ASSERT_TRUE(record((**claim(ids[1])).message, {MailOutcome::Kind::refused, 550, "nobody here"}));
  const auto failed = list({.state = MessageState::failed}).messages;
  ASSERT_EQ(failed.size(), 1u);
  EXPECT_EQ(failed[0].id, ids[1]);
  EXPECT_EQ(list({.account_id = account}).messages.size(), 3u);
  EXPECT_EQ(list({.account_id = account, .state = MessageState::initial}).messages.size(), 2u);
  EXPECT_TRUE(list({.account_id = AccountId{new_uuid()}}).messages.empty());
}

TEST_F(MessagesTest, AnotherAgencySeesNothing) {
  ASSERT_TRUE(keep());
  ASSERT_TRUE(tell(Priority::p1));
  const auto id = only_message().id;
  const auto other = service_call(AgencyId{new_uuid()}, "test", 30s);
  const auto read = database.read(other, [&](sql::Transaction& tx) { return get_message(tx, {id}); });
  EXPECT_EQ(read.error().reason, Reason::message_not_found);
}

}  // namespace
}  // namespace holdfast::notifications
