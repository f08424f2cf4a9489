#include "notifications/domain/calendar_entry.h"

#include <gtest/gtest.h>

namespace holdfast::notifications {
namespace {

using std::chrono::days;

const Date march_13 = *parse_date("2026-03-13");

Contract contract(Decision decision, std::optional<Date> deadline, int term_number = 3) {
  Contract contract;
  contract.decision = decision;
  contract.current_term = Term{.number = term_number, .notice_deadline = deadline};
  return contract;
}

CalendarEntry entry() { return {.term_number = 3, .sequence = 4, .day = march_13}; }

TEST(CalendarEntry, IsKnownByItsContractAndTerm) {
  CalendarEntry one = entry();
  one.contract_id = ContractId{*parse_uuid("0195b0c8-0000-7000-8000-000000000001")};
  EXPECT_EQ(uid(one), "0195b0c8-0000-7000-8000-000000000001-term-3@holdfast");
}

TEST(CalendarEntry, CountsWhatChanges) {
  auto first = entry();
  first.sequence = 0;
  EXPECT_EQ(reminded(std::nullopt, first).sequence, 0);
  EXPECT_EQ(reminded(entry(), first), entry()) << "said again as it was";
  auto cancelled = entry();
  cancelled.cancelled = true;
  EXPECT_EQ(reminded(cancelled, first).sequence, 5);
  EXPECT_FALSE(reminded(cancelled, first).cancelled);
  first.day += days(1);
  EXPECT_EQ(reminded(entry(), first).sequence, 5);
}

TEST(CalendarEntry, FollowsItsContract) {
  EXPECT_EQ(followed(entry(), contract(Decision::undecided, march_13)), std::nullopt);

  const auto moved = followed(entry(), contract(Decision::undecided, march_13 + days(7)));
  EXPECT_EQ(moved->day, march_13 + days(7));
  EXPECT_FALSE(moved->cancelled);
  EXPECT_EQ(moved->sequence, 5);

  const auto off = [](const Contract& now) {
    const auto after = followed(entry(), now);
    return after && after->cancelled && after->sequence == 5 && after->day == march_13;
  };
  EXPECT_TRUE(off(contract(Decision::stay, march_13)));
  EXPECT_TRUE(off(contract(Decision::notice_sent, march_13)));
  EXPECT_TRUE(off(contract(Decision::terminate, march_13)));
  EXPECT_TRUE(off(contract(Decision::undecided, std::nullopt)));
  EXPECT_TRUE(off(contract(Decision::undecided, march_13, 4))) << "an amendment has begun anew";
  EXPECT_TRUE(off(Contract{}));
}

TEST(ContractRolled, MonthAfterMonthIsNoNews) {
  const auto news = [](int number, const char* start, const char* end) {
    ContractRolled event;
    event.contract.first_term_number = 2;
    event.contract.current_term = Term{.number = number, .start = *parse_date(start), .end = *parse_date(end)};
    return is_news(event);
  };
  EXPECT_TRUE(news(3, "2026-03-01", "2026-03-31")) << "the first roll";
  EXPECT_FALSE(news(4, "2026-04-01", "2026-04-30"));
  EXPECT_FALSE(news(4, "2026-02-01", "2026-04-30")) << "89 days";
  EXPECT_TRUE(news(4, "2026-01-01", "2026-03-31")) << "90 days have reminders of their own";
}

}  // namespace
}  // namespace holdfast::notifications
