#include "contracts/domain/term_plan.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "contracts/domain/tests/plans.h"

namespace holdfast::contracts {
namespace {

using std::chrono::days;
using Row = std::map<std::string, std::string>;

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream stream(line + ",");
  for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
  return cells;
}

// The file quotes nothing.
std::vector<Row> read_rows(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  const auto header = cells(line);
  std::vector<Row> rows;
  while (std::getline(file, line)) {
    const auto values = cells(line);
    EXPECT_EQ(values.size(), header.size()) << line;
    for (Row& row = rows.emplace_back(); const auto& name : header) row[name] = values.at(row.size());
  }
  return rows;
}

TermPlan plan_of(const Row& row) {
  static const std::map<std::string, NoticeUnit> units{{"calendarDays", NoticeUnit::calendar_days},
                                                       {"calendarMonths", NoticeUnit::calendar_months},
                                                       {"businessDays", NoticeUnit::business_days}};
  static const std::map<std::string, EndOfTermAction> actions{{"roll", EndOfTermAction::roll},
                                                              {"autoRenew", EndOfTermAction::auto_renew},
                                                              {"autoDisconnect", EndOfTermAction::auto_disconnect}};
  const auto number = [&](const char* column) { return row.at(column).empty() ? 0 : std::stoi(row.at(column)); };
  return {date(row.at("term_start")),
          number("term_months"),
          std::nullopt,
          actions.at(row.at("end_of_term_action")),
          number("roll_interval_months"),
          number("renewal_term_months"),
          {number("notice_value"), units.at(row.at("notice_unit"))},
          *parse_zone(row.at("time_zone"))};
}

std::string text(const std::optional<Date>& date) { return date ? format_date(*date) : ""; }

TEST(TermPlan, AgreesWithEveryWorkedCase) {
  const auto rows = read_rows(HOLDFAST_TEST_DATA "/cases/notice.csv");
  ASSERT_EQ(rows.size(), 40u);
  for (const auto& row : rows) {
    const auto plan = plan_of(row);
    ASSERT_TRUE(check(plan)) << row.at("id");
    const auto answer = preview(plan, at(row.at("as_of_utc")));
    Row computed = row;
    computed["as_of_local"] = format_date(answer.as_of_local);
    computed["rolls"] = std::to_string(answer.current.number);
    computed["current_term_start"] = format_date(answer.current.start);
    computed["current_term_end"] = text(answer.current.end);
    computed["ended"] = answer.ended ? "yes" : "no";
    computed["notice_deadline"] = text(answer.current.notice_deadline);
    computed["deadline_passes_utc"] = format_instant(answer.deadline_passes.value());
    computed["days_left"] = std::to_string(answer.days_left.value());
    computed["actionable_end"] = text(answer.actionable_end);
    computed["actionable_deadline"] = text(answer.actionable_deadline);
    EXPECT_EQ(computed, row) << row.at("id");
  }
}

TEST(TermPlan, RefusesWhatMakesNoSense) {
  const auto good = plan("2026-01-01", 12, EndOfTermAction::roll, {30, NoticeUnit::calendar_days});
  ASSERT_TRUE(check(good));
  const auto refused = [&](auto change) {
    auto wrong = good;
    change(wrong);
    const auto checked = check(wrong);
    return checked ? "nothing" : checked.error().fields.at(0).field;
  };
  EXPECT_EQ(refused([](auto& p) { p.months = 0; }), "term_months");
  EXPECT_EQ(refused([](auto& p) { p.months = 601; }), "term_months");
  EXPECT_EQ(refused([](auto& p) { p.first_end = p.start - days{1}; }), "term_end");
  EXPECT_EQ(refused([](auto& p) { p.roll_months = 0; }), "roll_interval_months");
  EXPECT_EQ(refused([](auto& p) { p.notice.value = -1; }), "notice_value");
  EXPECT_EQ(refused([](auto& p) { p.notice = {121, NoticeUnit::calendar_months}; }), "notice_value");
  EXPECT_EQ(refused([](auto& p) {
              p.action = EndOfTermAction::auto_renew;
              p.renewal_months = 0;
            }),
            "renewal_term_months");
}

TEST(TermPlan, AnExplicitFirstEndIsBelieved) {
  auto believed = plan("2025-01-10", 12, EndOfTermAction::roll, {10, NoticeUnit::calendar_days});
  believed.first_end = date("2026-01-31");
  EXPECT_EQ(term(believed, 0).end, date("2026-01-31"));
  EXPECT_EQ(term(believed, 0).notice_deadline, date("2026-01-21"));
  EXPECT_EQ(term(believed, 1).start, date("2026-02-01"));
  EXPECT_EQ(term(believed, 1).end, date("2026-02-28"));
  EXPECT_EQ(term(believed, 2).end, date("2026-03-31"));
  EXPECT_EQ(running_term(believed, at("2026-03-01T12:00:00Z")).number, 2);
}

TEST(TermPlan, OpenEndedHasNoDeadline) {
  auto open = plan("2020-01-01", 1, EndOfTermAction::roll, {30, NoticeUnit::calendar_days});
  open.months.reset();
  const auto answer = preview(open, at("2026-01-01T12:00:00Z"));
  EXPECT_EQ(answer.current, (Term{0, date("2020-01-01"), std::nullopt, std::nullopt, TermOrigin::initial}));
  EXPECT_EQ(answer.deadline_passes, std::nullopt);
  EXPECT_EQ(answer.days_left, std::nullopt);
  EXPECT_EQ(answer.actionable_end, std::nullopt);
  EXPECT_FALSE(answer.ended);
}

// Term after term from the first against the term found at once.
TEST(TermPlan, TermsAreContiguousAndFoundAtOnce) {
  RandomPlans plans(1);
  for (int round = 0; round < 300; ++round) {
    const auto plan = plans.next();
    ASSERT_TRUE(check(plan));
    const bool repeats = !plan.open_ended() && plan.action != EndOfTermAction::auto_disconnect;
    Term walked = term(plan, 0);
    ASSERT_EQ(walked.start, plan.start);
    EXPECT_EQ(running_term(plan, first_instant(plan.zone, plan.start - days{400})), walked);
    for (int number = 0; number < (repeats ? 60 : 1); ++number) {
      const Instant begins = first_instant(plan.zone, walked.start);
      ASSERT_EQ(running_term(plan, begins), walked) << round << " " << number;
      if (plan.open_ended()) break;
      ASSERT_GE(*walked.end, walked.start);
      ASSERT_LE(*walked.notice_deadline, *walked.end);
      const Instant ends = first_instant(plan.zone, *walked.end + days{1});
      if (begins < ends) {
        ASSERT_EQ(running_term(plan, ends - Duration{1}), walked) << round << " " << number;
      }
      if (!repeats) break;
      const auto following = term(plan, number + 1);
      ASSERT_EQ(following.start, *walked.end + days{1});
      walked = following;
    }
  }
}

TEST(TermPlan, TheActionableTermIsTheFirstWhoseDeadlineHasNotPassed) {
  RandomPlans plans(2);
  for (int round = 0; round < 300; ++round) {
    const auto plan = plans.next();
    if (plan.open_ended()) continue;
    const auto answer = preview(plan, first_instant(plan.zone, plan.start + days{plans.between(-50, 2'000)}));
    if (plan.action == EndOfTermAction::auto_disconnect) {
      ASSERT_EQ(answer.actionable_end.has_value(), answer.as_of_local <= *answer.current.notice_deadline);
      continue;
    }
    int number = answer.current.number;
    while (*term(plan, number).notice_deadline < answer.as_of_local) ++number;
    ASSERT_EQ(answer.actionable_end, term(plan, number).end);
    ASSERT_EQ(answer.actionable_deadline, term(plan, number).notice_deadline);
  }
}

TEST(TermPlan, TheEarliestEndIsTheFirstThatNoticeStops) {
  RandomPlans plans(3);
  for (int round = 0; round < 500; ++round) {
    const auto notice = plans.next().notice;
    const Date given = date("2024-01-01") + days{plans.between(0, 800)};
    Date walked = given;
    while (notice_deadline(notice, walked) < given) walked += days{1};
    ASSERT_EQ(earliest_end(notice, given), walked) << format_date(given) << " " << notice.value;
  }
}

// St. John's put its clock back from 00:01 to 23:01: the 29th began, was the 28th once more, and came again.
TEST(TermPlan, ATermBeginsOnce) {
  const auto autumn = plan("2006-09-29", 1, EndOfTermAction::roll, {0, NoticeUnit::calendar_days}, "America/St_Johns");
  const Instant begins = first_instant(autumn.zone, date("2006-10-29"));
  ASSERT_EQ(local_date(autumn.zone, begins + std::chrono::minutes{5}), date("2006-10-28"));
  EXPECT_EQ(running_term(autumn, begins - Duration{1}).number, 0);
  EXPECT_EQ(running_term(autumn, begins).number, 1);
  EXPECT_EQ(running_term(autumn, begins + std::chrono::minutes{5}).number, 1);
}

TEST(TermPlan, MonthsAreCountedFromTheFirstStart) {
  const auto of_the_31st = plan("2025-01-31", 1, EndOfTermAction::roll, {0, NoticeUnit::calendar_days});
  const char* ends[] = {"2025-02-27", "2025-03-30", "2025-04-29", "2025-05-30"};
  for (int number = 0; number < 4; ++number) EXPECT_EQ(text(term(of_the_31st, number).end), ends[number]);
}

}  // namespace
}  // namespace holdfast::contracts
