#include <gmock/gmock.h>

#include "notifications/app/mails.h"
#include "notifications/app/tests/agency_book.h"

namespace holdfast::notifications {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr sql::Statement templates{"test.templates", "SELECT template FROM messages ORDER BY created_at, id"};
constexpr sql::Statement texts{"test.texts", "SELECT text FROM messages ORDER BY created_at, id"};
constexpr sql::Statement calendars{"test.calendars", "SELECT calendar FROM messages ORDER BY created_at, id"};
constexpr sql::Statement recipients{"test.recipients",
                                    "SELECT recipient_address FROM messages ORDER BY created_at, id"};
constexpr sql::Statement timers_in_order{"test.timers_in_order", "SELECT kind FROM runtime.timers ORDER BY kind"};
constexpr sql::Statement a_message{"test.a_message", "SELECT id::text FROM messages LIMIT 1"};

const Date march_13 = *parse_date("2026-03-13");

struct ContractMessagesTest : ::testing::Test, AgencyBook {
  void SetUp() override { ASSERT_TRUE(keep()); }

  // Each call is a version of it, a minute later.
  Contract contract(Decision decision = Decision::undecided, Date deadline = march_13) {
    clock.advance(1min);
    return {.id = id,
            .number = "LU-1",
            .account_id = account,
            .location_id = location,
            .carrier_name = "Lumen",
            .plan = {EndOfTermAction::auto_renew, "America/Chicago"},
            .current_term = Term{.number = 1,
                                 .start = *parse_date("2025-05-01"),
                                 .end = *parse_date("2026-04-30"),
                                 .notice_deadline = deadline},
            .decision = decision,
            .version = ++version};
  }
  ContractExpiring reminder(const Contract& of, bool mail = true) {
    return {.contract = of, .notice_deadline = *of.current_term->notice_deadline, .mail = mail};
  }
  template <class Fact>
  void tell(const Fact& fact, const Uuid& event_id = new_uuid()) {
    clock.advance(1s);  // by which the messages are told apart
    const auto told = transactor.run(call, [&](events::UnitOfWork& work) {
      return tell_of(work, desk, fact, {event_id, clock.now()});
    });
    ASSERT_TRUE(told) << describe(told.error());
  }
  void remind(const Contract& of) { tell(reminder(of)); }
  std::vector<std::string> all(const sql::Statement& statement) {
    return *database.read(call, [&](sql::Transaction& tx) { return tx.many<std::string>(statement); });
  }

  Desk desk{clock, "https://console.example", [] {}};
  ContractId id{new_uuid()};
  std::int64_t version = 0;
};

TEST_F(ContractMessagesTest, AReminderCarriesItsDayForTheCalendar) {
  clock.set(*parse_instant("2026-02-27T15:00:00Z"));
  auto event = reminder(contract());
  event.to_manager = true;
  tell(event);
  EXPECT_THAT(all(templates), ElementsAre("contract_expiring"));
  EXPECT_THAT(all(texts).at(0),
              AllOf(HasSubstr("notice for Acme <Dental> is in 14 days: Friday, March 13, 2026"), HasSubstr("LU-1"),
                    HasSubstr("HQ"), HasSubstr("Without notice it renews by itself on Thursday, April 30, 2026"),
                    HasSubstr("tell your manager"), Not(HasSubstr("sponsor")),
                    HasSubstr("https://console.example/contracts/" + to_string(id))));
  EXPECT_THAT(all(calendars).at(0),
              AllOf(HasSubstr("UID:" + to_string(id) + "-term-1@holdfast"), HasSubstr("SEQUENCE:0\r\n"),
                    HasSubstr("DTSTART;VALUE=DATE:20260313\r\n"), HasSubstr("STATUS:CONFIRMED"),
                    HasSubstr("America/Chicago"), HasSubstr("TRIGGER:-PT15H")));
}

TEST_F(ContractMessagesTest, OfWhatWasNoticedTogetherTheMostUrgentIsMailed) {
  const auto of = contract();
  tell(reminder(of, false));
  tell(NoticeDeadlineMissed{
      .contract = contract(), .notice_deadline = march_13, .bound_until = march_13, .mail = false});
  EXPECT_THAT(all(templates), IsEmpty());
}

TEST_F(ContractMessagesTest, AnEventTellsOnceAndAnEntryCountsItsChangesAlone) {
  const auto of = contract();
  const auto event_id = new_uuid();
  tell(reminder(of), event_id);
  tell(reminder(of), event_id);
  EXPECT_THAT(all(calendars), ElementsAre(HasSubstr("SEQUENCE:0\r\n")));
  remind(contract());
  EXPECT_THAT(all(calendars), ElementsAre(HasSubstr("SEQUENCE:0\r\n"), HasSubstr("SEQUENCE:0\r\n")));
}

TEST_F(ContractMessagesTest, ADecisionTakesTheDayOffTheCalendarOfWhoeverHasIt) {
  remind(contract());
  const Staff successor{StaffId{new_uuid()}, "Bo", "bo@agency.example", "America/Denver", 1};
  ASSERT_TRUE(transactor.run(call, [&](events::UnitOfWork& work) -> Result<> {
    CHECK_OK(keep_staff(work, successor));
    return keep_account(work, {account, "Acme", successor.id, 2});
  }));
  const NoticeSent sent{contract(Decision::notice_sent)};
  const auto event_id = new_uuid();
  tell(sent, event_id);
  tell(sent, event_id);
  tell(ContractAmended{contract(Decision::terminate)});
  EXPECT_THAT(all(templates), ElementsAre("contract_expiring", "deadline_settled"));
  EXPECT_THAT(all(recipients).at(1), "ann@agency.example");
  EXPECT_THAT(all(texts).at(1), HasSubstr("notice has gone to the carrier"));
  EXPECT_THAT(all(calendars).at(1),
              AllOf(HasSubstr("UID:" + to_string(id) + "-term-1@holdfast"), HasSubstr("SEQUENCE:1\r\n"),
                    HasSubstr("STATUS:CANCELLED"), Not(HasSubstr("VALARM"))));
  remind(contract());
  EXPECT_THAT(all(recipients).at(2), "bo@agency.example");
  EXPECT_THAT(all(calendars).at(2), HasSubstr("SEQUENCE:0\r\n")) << "new to whoever gets it";
}

TEST_F(ContractMessagesTest, AnAmendmentMovesTheDay) {
  remind(contract());
  tell(ContractAmended{contract()});
  EXPECT_EQ(all(templates).size(), 1u) << "the day stands";
  tell(ContractAmended{contract(Decision::undecided, march_13 + std::chrono::days(7))});
  EXPECT_THAT(all(templates), ElementsAre("contract_expiring", "deadline_moved"));
  EXPECT_THAT(all(texts).at(1), AllOf(HasSubstr("Friday, March 20, 2026"), HasSubstr("It was Friday, March 13, 2026")));
  EXPECT_THAT(all(calendars).at(1), AllOf(HasSubstr("SEQUENCE:1\r\n"), HasSubstr("DTSTART;VALUE=DATE:20260320\r\n")));
}

TEST_F(ContractMessagesTest, NobodyIsToldOfADayThatNobodyWaitsFor) {
  tell(NoticeSent{contract(Decision::notice_sent)});
  EXPECT_THAT(all(templates), IsEmpty()) << "no reminder had gone out";
  remind(contract());
  clock.set(*parse_instant("2026-03-14T05:00:00Z"));  // midnight in Chicago, behind the deadline
  tell(ContractAmended{contract(Decision::stay)});
  EXPECT_THAT(all(templates), ElementsAre("contract_expiring"));
}

// Reminders come by one topic and decisions by another.
TEST_F(ContractMessagesTest, AReminderThatItsAnswerHasOvertakenIsOldNews) {
  const auto before = contract();
  tell(ContractAmended{contract(Decision::stay)});
  tell(reminder(before));
  tell(NoticeDeadlineMissed{.contract = before, .notice_deadline = march_13, .bound_until = march_13, .mail = true});
  EXPECT_THAT(all(templates), IsEmpty());
}

TEST_F(ContractMessagesTest, TheEndOfATermIsTold) {
  tell(NoticeDeadlineMissed{.contract = contract(),
                            .notice_deadline = march_13,
                            .bound_until = *parse_date("2027-04-30"),
                            .mail = true,
                            .to_sponsor = true});
  auto next = contract(Decision::undecided, *parse_date("2027-03-12"));
  next.current_term->end = *parse_date("2027-04-30");
  tell(ContractAutoRenewed{next, *parse_date("2026-04-30")});
  next.plan.end_of_term_action = EndOfTermAction::roll;
  tell(ContractRolled{next, *parse_date("2026-04-30")});
  next.current_term->start = *parse_date("2027-04-01");
  next.current_term->number = 7;
  tell(ContractRolled{next, *parse_date("2027-03-31")});
  tell(ContractExpired{next});
  EXPECT_THAT(all(templates),
              ElementsAre("notice_deadline_missed", "contract_auto_renewed", "contract_rolled", "contract_expired"))
      << "a month more of a contract that rolls by the month is no news";
  EXPECT_THAT(all(texts).at(0), AllOf(HasSubstr("Bound until:  Friday, April 30, 2027"), HasSubstr("sponsor")));
  for (const auto place : {1, 2}) {
    EXPECT_THAT(all(texts).at(place), AllOf(HasSubstr("New term ends:   Friday, April 30, 2027"),
                                            HasSubstr("Notice by:       Friday, March 12, 2027")));
  }
  EXPECT_THAT(all(texts).at(3), HasSubstr("ended on Friday, April 30, 2027"));
  for (const auto& calendar : all(calendars)) EXPECT_EQ(calendar, "");
}

// By the business clock: a year that passes in seconds has its mornings too.
TEST_F(ContractMessagesTest, QuietHoursEndByTheBusinessClock) {
  const testing::FakeClock system{*parse_instant("2030-01-01T00:00:00Z")};
  const Desk moved{system, "https://console.example", [] {}};
  clock.set(*parse_instant("2026-03-13T03:30:00Z"));  // 22:30 in Chicago, 23:30 in New York: the eve of the deadline
  const auto of = contract();
  ASSERT_TRUE(transactor.run(call, [&](events::UnitOfWork& work) {
    return tell_of(work, moved, reminder(of), {new_uuid(), clock.now()});
  }));
  EXPECT_THAT(all(texts).at(0), HasSubstr("is today: Friday, March 13")) << "as it is when the mail goes";
  EXPECT_THAT(all(timers_in_order), ElementsAre("notifications.mail_bodies", "notifications.quiet_hours"));

  clock.set(*parse_instant("2026-03-13T12:00:00Z"));  // eight in New York
  const MessageId message{*parse_uuid(all(a_message).at(0))};
  temporary.run("DELETE FROM runtime.timers");
  ASSERT_TRUE(transactor.run(call, [&](events::UnitOfWork& work) { return end_quiet_hours(work, moved, message); }));
  EXPECT_THAT(all(timers_in_order), ElementsAre("notifications.mail"));
}

}  // namespace
}  // namespace holdfast::notifications
