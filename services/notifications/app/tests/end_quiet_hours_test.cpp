#include <gmock/gmock.h>

#include "notifications/app/mails.h"
#include "notifications/app/tests/agency_book.h"
#include "notifications/store/ticket_news.sql.h"
#include "runtime/timers/timers.h"

namespace holdfast::notifications {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr sql::Statement fates{
    "test.fates", "SELECT concat_ws(' ', template, state, disposition, attempts) FROM messages ORDER BY id"};
constexpr sql::Statement timer_kinds{
    "test.timer_kinds", "SELECT kind FROM runtime.timers WHERE kind <> 'notifications.mail_bodies' ORDER BY kind"};
constexpr sql::Statement news_kept{"test.news_kept", "SELECT count(*) FROM ticket_news"};

// A P2 ticket of an evening in New York; the recipient's morning is eleven hours away.
struct EndQuietHoursTest : ::testing::Test, AgencyBook {
  void SetUp() override {
    ASSERT_TRUE(keep());
    clock.set(*parse_instant("2026-01-06T02:00:00Z"));
    ticket = {.id = TicketId{new_uuid()},
              .account_id = account,
              .name = "Circuit down",
              .priority = Priority::p2,
              .opened_at = clock.now(),
              .resolution = "The carrier replaced a card"};
    timers.on(std::string(quiet_timer), [this](events::UnitOfWork& work, Uuid message, Instant) {
      return end_quiet_hours(work, desk, MessageId{message});
    });
  }
  template <class Fact>
  void happen(const Fact& fact) {
    run([&](events::UnitOfWork& work) { return tell_of(work, desk, fact, {new_uuid(), clock.now()}); });
  }
  void breach(Promise promise) {
    const SlaBreached fact{ticket, promise};
    happen(fact);
    run([&](events::UnitOfWork& work) { return break_promise(work, fact); });
  }
  void become(TicketStatus status) {
    ticket.status = status;
    ++ticket.version;
    run([&](events::UnitOfWork& work) { return follow_ticket(work, {ticket}); });
  }
  void morning_comes() {
    clock.set(*parse_instant("2026-01-06T13:00:00Z"));
    const auto fired = timers.fire_due(quiet_timer);
    ASSERT_TRUE(fired) << describe(fired.error());
  }
  template <class Verb>
  void run(Verb verb) {
    const auto done = transactor.run(call, verb);
    ASSERT_TRUE(done) << describe(done.error());
  }
  template <class T>
  std::vector<T> all(const sql::Statement& statement) {
    return *database.read(call, [&](sql::Transaction& tx) { return tx.many<T>(statement); });
  }

  Desk desk{clock, "https://console.example", [] {}};
  timers::Timers timers{transactor, clock, {}};
  Ticket ticket;
};

TEST_F(EndQuietHoursTest, WhatIsStillTrueInTheMorningIsSent) {
  happen(TicketOpened{ticket});
  happen(SlaWarning{ticket, Promise::acknowledge, 0, clock.now() + 12h});
  EXPECT_THAT(all<std::string>(timer_kinds), ElementsAre(quiet_timer, quiet_timer));
  morning_comes();
  EXPECT_THAT(all<std::string>(fates), UnorderedElementsAre("ticket_opened initial 0", "sla_warning initial 0"));
  EXPECT_THAT(all<std::string>(timer_kinds), ElementsAre(mail_timer, mail_timer));
  EXPECT_THAT(all<std::int64_t>(news_kept), ElementsAre(0));
}

TEST_F(EndQuietHoursTest, WhatWasOvertakenInTheNightIsCancelled) {
  happen(TicketOpened{ticket});
  happen(SlaWarning{ticket, Promise::restore, 0, clock.now() + 12h});
  become(TicketStatus::in_progress);
  become(TicketStatus::resolved);
  happen(TicketResolved{ticket});
  morning_comes();
  EXPECT_THAT(all<std::string>(fates),
              UnorderedElementsAre("ticket_opened cancelled overtaken 0", "sla_warning cancelled overtaken 0",
                                   "ticket_resolved initial 0"));
  EXPECT_THAT(all<std::string>(timer_kinds), ElementsAre(mail_timer));
  EXPECT_THAT(all<std::int64_t>(news_kept), ElementsAre(0));
}

TEST_F(EndQuietHoursTest, AWarningIsToldThoughItsTimeWouldBeOverWhenTheClockWasStopped) {
  happen(SlaWarning{ticket, Promise::restore, 3600, clock.now() + 1h});
  become(TicketStatus::pending);
  morning_comes();
  EXPECT_THAT(all<std::string>(fates), ElementsAre("sla_warning initial 0"));
}

TEST_F(EndQuietHoursTest, ABreachOvertakesTheWarningOfItsOwnPromiseAndTicketAlone) {
  happen(SlaWarning{ticket, Promise::restore, 3600, clock.now() + 1h});
  breach(Promise::acknowledge);
  ticket.id = TicketId{new_uuid()};
  breach(Promise::restore);
  morning_comes();
  EXPECT_THAT(all<std::string>(fates),
              UnorderedElementsAre("sla_warning initial 0", "sla_breached initial 0", "sla_breached initial 0"));
}

TEST_F(EndQuietHoursTest, AWarningIsNotToldOnceItIsLate) {
  happen(SlaWarning{ticket, Promise::restore, 0, clock.now() + 1h});
  breach(Promise::restore);
  morning_comes();
  EXPECT_THAT(all<std::string>(fates),
              UnorderedElementsAre("sla_warning cancelled overtaken 0", "sla_breached initial 0"));
}

TEST_F(EndQuietHoursTest, WhoeverHasItInTheMorningIsTold) {
  const auto give = [&] {
    ++ticket.version;
    ticket.owner_id = owner.id;
    const TicketAssigned fact{ticket, "a key"};
    happen(fact);
    run([&](events::UnitOfWork& work) { return give_away(work, fact); });
  };
  give();
  morning_comes();
  EXPECT_THAT(all<std::string>(fates), ElementsAre("ticket_assigned initial 0"));
}

TEST_F(EndQuietHoursTest, WhoGaveItAwayInTheNightIsNotToldThatItIsTheirs) {
  ticket.owner_id = owner.id;
  happen(TicketAssigned{ticket, "a key"});
  ++ticket.version;
  run([&](events::UnitOfWork& work) { return give_away(work, {ticket, "a key"}); });
  morning_comes();
  EXPECT_THAT(all<std::string>(fates), ElementsAre("ticket_assigned cancelled overtaken 0"));
}

TEST_F(EndQuietHoursTest, AnOlderStatusNeverReplacesANewerOne) {
  happen(TicketOpened{ticket});
  become(TicketStatus::in_progress);
  become(TicketStatus::resolved);
  ticket.version = 1;
  become(TicketStatus::in_progress);
  morning_comes();
  EXPECT_THAT(all<std::string>(fates), ElementsAre("ticket_opened cancelled overtaken 0"));
}

TEST_F(EndQuietHoursTest, AnotherTicketsMailIsLeftAlone) {
  happen(TicketOpened{ticket});
  ticket.id = TicketId{new_uuid()};
  become(TicketStatus::cancelled);
  morning_comes();
  EXPECT_THAT(all<std::string>(fates), ElementsAre("ticket_opened initial 0"));
}

TEST_F(EndQuietHoursTest, EveryStatementFitsTheTables) {
  const auto prepared = database.read(call, [](sql::Transaction& transaction) -> Result<> {
    for (const auto* statement : statements::all_of_ticket_news) CHECK_OK(transaction.connection().prepare(*statement));
    return {};
  });
  EXPECT_TRUE(prepared) << describe(prepared.error());
}

}  // namespace
}  // namespace holdfast::notifications
