#include <gtest/gtest.h>

#include "notifications/app/tests/agency_book.h"
#include "notifications/events/reactions.h"

namespace holdfast::notifications {
namespace {

constexpr sql::Statement message_count{"test.message_count", "SELECT count(*) FROM messages"};

struct MailsTest : ::testing::Test, AgencyBook {
  void SetUp() override {
    const auto answer = [this](const auto& known) -> Result<bool> {
      ++asked;
      if (!accounts_answers) return fail(Reason::dependency_unavailable, "away");
      if (!accounts_knows) return false;
      CHECK_OK(known());
      return true;
    };
    send_mails(consumer, desk,
               {.account = [=, this](const Call&, const AccountId& asked_for) -> Result<bool> {
                  EXPECT_EQ(asked_for, account);
                  return answer([this] { return keep(); });
                },
                .staff = [=, this](const Call&, const StaffId& asked_for) -> Result<bool> {
                  EXPECT_EQ(asked_for, kim.id);
                  return answer([this] {
                    return transactor.run(call, [&](events::UnitOfWork& work) { return keep_staff(work, kim); });
                  });
                }});
  }
  Result<> handle() { return consumer.handle("notifications.ticket_opened", event); }
  std::int64_t messages() {
    return *database.read(call, [](sql::Transaction& tx) { return tx.one<std::int64_t>(message_count); });
  }

  Staff kim{StaffId{new_uuid()}, "Kim", "kim@agency.example", "America/Chicago", 1};
  Desk desk{clock, "https://console.example", [] {}};
  events::Consumer consumer{transactor, {.group = "test"}};
  events::Event event = events::encode(TicketOpened{{.id = TicketId{new_uuid()},
                                                     .account_id = account,
                                                     .location_id = location,
                                                     .name = "Circuit down",
                                                     .owner_id = kim.id,
                                                     .priority = Priority::p1,
                                                     .opened_at = clock.now()}},
                                       agency, clock.now());
  bool accounts_answers = true;
  bool accounts_knows = true;
  int asked = 0;
};

TEST_F(MailsTest, TheOwnerIsToldOnceWhateverBecomesOfTheInbox) {
  ASSERT_TRUE(keep());
  ASSERT_TRUE(handle());
  ASSERT_TRUE(handle());
  temporary.run("DELETE FROM runtime.inbox");
  ASSERT_TRUE(handle());
  EXPECT_EQ(messages(), 1);
  EXPECT_EQ(asked, 0);
}

TEST_F(MailsTest, WhatIsNotKnownYetIsLearnedFromItsOwner) {
  accounts_answers = false;
  EXPECT_EQ(handle().error().reason, Reason::dependency_unavailable) << "the event will be handled again";
  accounts_answers = true;
  accounts_knows = false;
  EXPECT_EQ(handle().error().reason, Reason::account_not_found) << "poison: nobody knows it";
  EXPECT_EQ(messages(), 0);
  accounts_knows = true;
  ASSERT_TRUE(handle());
  EXPECT_EQ(messages(), 1);
  EXPECT_EQ(asked, 5) << "an assignee as well, once accounts answers";
}

TEST_F(MailsTest, AnAssigneeOfWhomNothingWasHeardIsLearnedToo) {
  ASSERT_TRUE(keep());
  const TicketAssigned fact{
      {.id = TicketId{new_uuid()}, .account_id = account, .name = "Circuit down", .owner_id = kim.id}, "a key"};
  const auto assigned = events::encode(fact, agency, clock.now());
  ASSERT_TRUE(consumer.handle("notifications.ticket_assigned", assigned));
  EXPECT_EQ(messages(), 1);
}

TEST_F(MailsTest, EachIsHandledByItsOwnName) {
  ASSERT_TRUE(keep());
  const auto told = [&](const std::string& mail, const auto& fact) {
    const auto handled = consumer.handle("notifications." + mail, events::encode(fact, agency, clock.now()));
    EXPECT_TRUE(handled) << mail << ": " << describe(handled.error());
  };
  const Ticket ticket{.id = TicketId{new_uuid()}, .account_id = account, .name = "Circuit down"};
  const Contract contract{.id = ContractId{new_uuid()},
                          .account_id = account,
                          .plan = {EndOfTermAction::auto_disconnect, "America/Chicago"},
                          .current_term = Term{.number = 1, .end = *parse_date("2026-04-30")}};
  told("ticket_opened", TicketOpened{ticket});
  told("ticket_resolved", TicketResolved{ticket});
  told("sla_warning", SlaWarning{ticket, Promise::restore, 3600, clock.now()});
  told("sla_breached", SlaBreached{ticket, Promise::restore});
  told("contract_auto_renewed", ContractAutoRenewed{contract, *parse_date("2025-04-30")});
  told("contract_expired", ContractExpired{contract});
  EXPECT_EQ(messages(), 6);
}

}  // namespace
}  // namespace holdfast::notifications
