#include "contracts/app/tests/book.h"

namespace holdfast::contracts {
namespace {

struct DeadlinesTest : Book {
  // Ends a year after `start`, with notice until 60 days before.
  void add(std::string number, std::string_view start, std::int64_t minor, std::string zone = "America/New_York") {
    auto command = yearly(std::move(number));
    command.plan.term_start = *parse_date(start);
    command.plan.time_zone = std::move(zone);
    command.mrc = Money{minor, "USD"};
    created(command);
  }
  std::vector<std::string> numbers(const ListDeadlines& query) {
    const auto list = ask(list_deadlines, query);
    EXPECT_TRUE(list) << describe(list.error());
    std::vector<std::string> numbers;
    for (const auto& deadline : list->deadlines) numbers.push_back(deadline.contract.number);
    return numbers;
  }
};
using Numbers = std::vector<std::string>;

TEST_F(DeadlinesTest, WorstFirst) {
  add("cheap", "2025-04-01", 100);  // deadline 2026-01-30
  add("dear", "2025-04-01", 50'000);
  add("passed", "2025-03-01", 1);      // 2025-12-30
  add("later", "2025-05-01", 90'000);  // 2026-03-01
  add("far", "2025-12-01", 99'000);    // 2026-10-01
  EXPECT_EQ(numbers({}), (Numbers{"passed", "dear", "cheap", "later"}));
  EXPECT_EQ(numbers({.within_days = 25}), (Numbers{"passed", "dear", "cheap"}));
  EXPECT_EQ(numbers({.within_days = 24}), Numbers{"passed"});
  EXPECT_EQ(numbers({.within_days = 3660}).size(), 5u);
  const auto list = ask(list_deadlines, ListDeadlines{});
  const auto& passed = list->deadlines.at(0);
  EXPECT_TRUE(passed.passed);
  EXPECT_EQ(passed.days_left, -6);
  EXPECT_EQ(passed.account_name, "Acme");
  EXPECT_EQ(format_date(*passed.actionable_deadline), "2026-12-30");
  EXPECT_EQ(list->deadlines.at(1).days_left, 25);
}

TEST_F(DeadlinesTest, APageEndsWhereTheNextBegins) {
  for (int index = 0; index < 4; ++index) add("p" + std::to_string(index), "2025-03-01", 700);
  for (int index = 0; index < 5; ++index) add("c" + std::to_string(index), "2025-04-01", index % 2);
  const auto whole = numbers({});
  ASSERT_EQ(whole.size(), 9u);
  for (const int size : {1, 2, 3, 4, 5, 8, 9}) {
    Numbers pieces;
    ListDeadlines query{.page_size = size};
    do {
      const auto page = ask(list_deadlines, query);
      ASSERT_TRUE(page) << describe(page.error());
      ASSERT_LE(page->deadlines.size(), static_cast<size_t>(size));
      ASSERT_FALSE(page->deadlines.empty());
      for (const auto& deadline : page->deadlines) pieces.push_back(deadline.contract.number);
      query.page_token = page->next_page_token;
    } while (!query.page_token.empty());
    EXPECT_EQ(pieces, whole) << size;
  }
  EXPECT_EQ(ask(list_deadlines, ListDeadlines{.page_token = "00"}).error().reason, Reason::page_token_invalid);
  EXPECT_EQ(ask(list_deadlines, ListDeadlines{.page_token = "x"}).error().reason, Reason::page_token_invalid);
}

TEST_F(DeadlinesTest, TheDayIsTheContractsOwn) {
  add("Honolulu", "2025-03-07", 1, "Pacific/Honolulu");  // 2026-01-05
  add("Auckland", "2025-03-07", 1, "Pacific/Auckland");
  clock.set(*parse_instant("2026-01-05T12:00:00Z"));  // the 6th in Auckland
  const auto list = ask(list_deadlines, ListDeadlines{.within_days = 0});
  ASSERT_EQ(list->deadlines.size(), 2u);
  EXPECT_EQ(list->deadlines[0].contract.number, "Auckland");
  EXPECT_TRUE(list->deadlines[0].passed);
  EXPECT_EQ(list->deadlines[1].contract.number, "Honolulu");
  EXPECT_EQ(list->deadlines[1].days_left, 0);
}

TEST_F(DeadlinesTest, PreviewStoresNothing) {
  PreviewTerm query{.plan = yearly().plan};
  query.plan.time_zone = "America/New_York";
  const auto preview = ask(preview_term, query);
  ASSERT_TRUE(preview) << describe(preview.error());
  EXPECT_EQ(preview->days_left, 300);
  EXPECT_EQ(format_date(*preview->notice_deadline), "2026-11-01");
  query.as_of = *parse_instant("2027-06-01T00:00:00Z");
  EXPECT_EQ(ask(preview_term, query)->rolls, 1);
  EXPECT_TRUE(numbers({.within_days = 3660}).empty());
  query.plan.term_start.reset();
  EXPECT_EQ(ask(preview_term, query).error().fields.at(0).field, "plan.term_start");
}

TEST_F(DeadlinesTest, TheWindowHasLimits) {
  EXPECT_EQ(ask(list_deadlines, ListDeadlines{.within_days = -1}).error().reason, Reason::field_out_of_range);
  EXPECT_EQ(ask(list_deadlines, ListDeadlines{.within_days = 3661}).error().reason, Reason::field_out_of_range);
  EXPECT_EQ(ask(list_deadlines, ListDeadlines{.page_size = -1}).error().reason, Reason::field_out_of_range);
}

}  // namespace
}  // namespace holdfast::contracts
