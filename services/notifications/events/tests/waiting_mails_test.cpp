#include <gtest/gtest.h>

#include "notifications/app/mails.h"
#include "notifications/app/tests/agency_book.h"
#include "notifications/events/reactions.h"

namespace holdfast::notifications {
namespace {

constexpr sql::Statement heard{"test.heard", "SELECT concat_ws(' ', status, broken) FROM ticket_news"};

struct WaitingMailsTest : ::testing::Test, AgencyBook {
  void SetUp() override {
    ASSERT_TRUE(keep());
    clock.set(*parse_instant("2026-01-06T02:00:00Z"));  // nine in the evening in New York
    keep_waiting_mails(consumer);
    const auto told = transactor.run(call, [&](events::UnitOfWork& work) {
      return tell_of(work, desk, SlaWarning{ticket, Promise::restore, 3600, clock.now()}, {new_uuid(), clock.now()});
    });
    ASSERT_TRUE(told) << describe(told.error());
  }
  template <class Fact>
  std::string after(const std::string& handler, const Fact& fact) {
    const auto handled = consumer.handle(handler, events::encode(fact, agency, clock.now()));
    EXPECT_TRUE(handled) << describe(handled.error());
    return *database.read(call, [](sql::Transaction& tx) { return tx.one<std::string>(heard); });
  }

  Desk desk{clock, "https://console.example", [] {}};
  events::Consumer consumer{transactor, {.group = "test"}};
  Ticket ticket{.id = TicketId{new_uuid()},
                .account_id = account,
                .name = "Circuit down",
                .priority = Priority::p2,
                .opened_at = clock.now()};
};

TEST_F(WaitingMailsTest, HearHowTheirTicketStands) {
  ticket.status = TicketStatus::pending;
  ++ticket.version;
  EXPECT_EQ(after("notifications.ticket_status_changed", TicketStatusChanged{ticket}), "pending f");
}

TEST_F(WaitingMailsTest, HearThatTheirPromiseIsBroken) {
  EXPECT_EQ(after("notifications.promise_broken", SlaBreached{ticket, Promise::restore}), "acknowledged t");
}

}  // namespace
}  // namespace holdfast::notifications
