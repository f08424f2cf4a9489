#include "contracts/domain/term_clock.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "contracts/domain/tests/plans.h"

namespace holdfast::contracts {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

// "2026-01-05T14:00:00Z expiring 30": what a ledger's reader would see.
std::string line(const Fact& fact) {
  constexpr const char* kinds[] = {"expiring", "missed",     "rolled",   "auto-renewed",
                                   "expired",  "terminated", "activated"};
  auto text = format_instant(fact.effective) + " " + kinds[static_cast<int>(fact.kind)];
  if (fact.kind == FactKind::contract_expiring) text += " " + std::to_string(fact.lead_days);
  if (fact.escalation == Escalation::manager) text += " to manager";
  if (fact.escalation == Escalation::sponsor) text += " to sponsor";
  if (fact.next_term) text += " until " + format_date(*fact.next_term->end);
  return text;
}

std::vector<std::string> lines(const Advanced& advanced) {
  std::vector<std::string> lines;
  for (const auto& fact : advanced.facts) lines.push_back(line(fact));
  return lines;
}

using Lines = std::vector<std::string>;

// Ends 2026-12-31, notice until 2026-11-01.
TermPlan yearly() { return plan("2026-01-01", 12, EndOfTermAction::auto_renew, {60, NoticeUnit::calendar_days}); }
TermPlan monthly(int notice_days = 10) {
  return plan("2026-01-01", 1, EndOfTermAction::roll, {notice_days, NoticeUnit::calendar_days});
}

ContractState created(const TermPlan& plan, std::string_view as_of = "2026-01-01T05:00:00Z", bool early = false) {
  return derive(plan, at(as_of), early).state;
}

TEST(TermClock, AYearOfReminders) {
  const auto year = advance(created(yearly()), at("2027-01-01T05:00:00Z"));
  EXPECT_EQ(lines(year), (Lines{
                             "2026-07-04T13:00:00Z expiring 120",
                             "2026-08-03T13:00:00Z expiring 90",
                             "2026-09-02T13:00:00Z expiring 60",
                             "2026-10-02T13:00:00Z expiring 30",
                             "2026-10-18T13:00:00Z expiring 14 to manager",
                             "2026-10-25T13:00:00Z expiring 7 to sponsor",
                             "2026-10-29T13:00:00Z expiring 3",
                             "2026-10-31T13:00:00Z expiring 1",
                             "2026-11-01T14:00:00Z expiring 0",
                             "2026-11-02T05:00:00Z missed",
                             "2027-01-01T05:00:00Z auto-renewed until 2027-12-31",
                         }));
  for (size_t index = 0; index < 10; ++index) {
    EXPECT_EQ(year.facts[index].term_end, date("2026-12-31"));
    EXPECT_EQ(year.facts[index].notice_deadline, date("2026-11-01"));
    EXPECT_EQ(year.facts[index].term_number, 0);
  }
  EXPECT_EQ(year.state.term, term(yearly(), 1));
  EXPECT_EQ(year.next_due, at("2027-07-04T13:00:00Z"));
}

TEST(TermClock, KeyAccountsAreRemindedEarlier) {
  const auto half = advance(created(yearly(), "2026-01-01T05:00:00Z", true), at("2026-07-01T00:00:00Z"));
  EXPECT_EQ(lines(half), (Lines{"2026-05-05T13:00:00Z expiring 180"}));
}

TEST(TermClock, BecomingKeyIsNotMadeUpForButCounts) {
  const auto before = set_early_lead(created(yearly()), at("2026-05-05T12:59:59Z"), true);
  EXPECT_TRUE(before.facts.empty());
  EXPECT_EQ(before.next_due, at("2026-05-05T13:00:00Z"));
  const auto after = set_early_lead(created(yearly()), at("2026-06-01T00:00:00Z"), true);
  EXPECT_TRUE(after.facts.empty());
  EXPECT_EQ(after.next_due, at("2026-07-04T13:00:00Z"));
  const auto back = set_early_lead(before.state, at("2026-05-05T12:59:59Z"), false);
  EXPECT_EQ(back.next_due, at("2026-07-04T13:00:00Z"));
}

TEST(TermClock, OnlyLeadsInsideTheRunningTermFire) {
  // 150 days, notice 60: the deadline is its 90th day.
  auto plan = yearly();
  plan.first_end = date("2026-05-30");
  const auto all = advance(created(plan), at("2026-05-01T00:00:00Z"));
  EXPECT_EQ(line(all.facts.at(0)), "2026-01-30T14:00:00Z expiring 60");
  // A lead on the very first day is inside.
  plan.notice.value = 59;
  EXPECT_EQ(line(advance(created(plan), at("2026-05-01T00:00:00Z")).facts.at(0)), "2026-01-01T14:00:00Z expiring 90");
}

TEST(TermClock, NinetyDaysAreNotShort) {
  auto plan = yearly();
  plan.notice.value = 30;
  plan.first_end = date("2026-03-31");  // 90 days
  EXPECT_EQ(advance(created(plan), at("2026-03-31T12:00:00Z")).facts.front().kind, FactKind::contract_expiring);
  plan.first_end = date("2026-03-30");
  EXPECT_EQ(advance(created(plan), at("2026-03-30T12:00:00Z")).facts.front().kind, FactKind::notice_deadline_missed);
}

TEST(TermClock, ShortTermsRollAndMissOnce) {
  EXPECT_EQ(lines(advance(created(monthly()), at("2026-04-05T00:00:00Z"))),
            (Lines{"2026-01-22T05:00:00Z missed", "2026-02-01T05:00:00Z rolled until 2026-02-28",
                   "2026-03-01T05:00:00Z rolled until 2026-03-31", "2026-04-01T04:00:00Z rolled until 2026-04-30"}));
}

TEST(TermClock, TheStretchAfterALongTermMissesOnceMore) {
  const auto plan_of_a_year = plan("2025-04-01", 12, EndOfTermAction::roll, {10, NoticeUnit::calendar_days});
  const auto all = advance(created(plan_of_a_year, "2026-03-19T12:00:00Z"), at("2026-06-15T00:00:00Z"));
  EXPECT_EQ(lines(all),
            (Lines{"2026-03-20T13:00:00Z expiring 1", "2026-03-21T13:00:00Z expiring 0", "2026-03-22T04:00:00Z missed",
                   "2026-04-01T04:00:00Z rolled until 2026-04-30", "2026-04-21T04:00:00Z missed",
                   "2026-05-01T04:00:00Z rolled until 2026-05-31", "2026-06-01T04:00:00Z rolled until 2026-06-30"}));
}

TEST(TermClock, ADeadlineBeforeItsTermIsMissedWhenTheTermBegins) {
  const auto long_notice = plan("2025-01-01", 12, EndOfTermAction::roll, {75, NoticeUnit::calendar_days});
  const auto all = advance(created(long_notice, "2025-12-31T12:00:00Z"), at("2026-02-15T00:00:00Z"));
  EXPECT_EQ(lines(all), (Lines{"2026-01-01T05:00:00Z rolled until 2026-01-31", "2026-01-01T05:00:00Z missed",
                               "2026-02-01T05:00:00Z rolled until 2026-02-28"}));
}

TEST(TermClock, NoNoticePeriodMissesAndRenewsAtOneInstant) {
  auto plan = yearly();
  plan.notice.value = 0;
  const auto all = advance(created(plan, "2026-12-31T14:00:00Z"), at("2027-01-02T00:00:00Z"));
  EXPECT_EQ(lines(all), (Lines{"2027-01-01T05:00:00Z missed", "2027-01-01T05:00:00Z auto-renewed until 2027-12-31"}));
}

TEST(TermClock, AutoDisconnectExpires) {
  const auto ends = plan("2025-03-20", 12, EndOfTermAction::auto_disconnect, {30, NoticeUnit::calendar_days});
  const auto all = advance(created(ends, "2026-02-17T20:00:00Z"), at("2030-01-01T00:00:00Z"));
  EXPECT_EQ(lines(all), (Lines{"2026-02-18T05:00:00Z missed", "2026-03-20T04:00:00Z expired"}));
  EXPECT_EQ(all.state.phase, Phase::expired);
  EXPECT_EQ(all.next_due, std::nullopt);
  EXPECT_EQ(created(ends, "2026-03-20T04:00:00Z").phase, Phase::expired);
  EXPECT_EQ(created(ends, "2026-03-20T03:59:59Z").phase, Phase::running);
}

TEST(TermClock, NoticeInTimeEndsTheContractInSilence) {
  const auto sent = with_notice(created(yearly()), at("2026-11-02T04:59:59Z"));  // the last second of the deadline
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->facts.size(), 9u);
  EXPECT_EQ(sent->state.last_day, date("2026-12-31"));
  EXPECT_EQ(sent->next_due, at("2027-01-01T05:00:00Z"));
  const auto acknowledged = with_acknowledgement(sent->state, at("2026-11-20T12:00:00Z"));
  ASSERT_TRUE(acknowledged);
  EXPECT_TRUE(acknowledged->facts.empty());
  const auto all = advance(acknowledged->state, at("2030-01-01T00:00:00Z"));
  EXPECT_EQ(lines(all), (Lines{"2027-01-01T05:00:00Z terminated"}));
  EXPECT_EQ(all.facts.at(0).term_end, date("2026-12-31"));
  EXPECT_EQ(all.state.phase, Phase::terminated);
}

TEST(TermClock, NoticeTooLateEndsTheNextTerm) {
  const auto sent = with_notice(created(yearly()), at("2026-11-02T05:00:00Z"));
  ASSERT_TRUE(sent);
  EXPECT_EQ(line(sent->facts.back()), "2026-11-02T05:00:00Z missed");
  EXPECT_EQ(sent->state.last_day, date("2027-12-31"));
  EXPECT_EQ(lines(advance(sent->state, at("2030-01-01T00:00:00Z"))),
            (Lines{"2027-01-01T05:00:00Z auto-renewed until 2027-12-31", "2028-01-01T05:00:00Z terminated"}));
}

TEST(TermClock, NoticeOfAnOpenEndedContractCountsFromTheDay) {
  auto open = yearly();
  open.months.reset();
  const auto state = created(open);
  EXPECT_EQ(next_due(state), std::nullopt);
  const auto sent = with_notice(state, at("2026-03-01T12:00:00Z"));
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->state.last_day, date("2026-04-30"));
  EXPECT_EQ(lines(advance(sent->state, at("2030-01-01T00:00:00Z"))), (Lines{"2026-05-01T04:00:00Z terminated"}));
}

TEST(TermClock, StayingIsAskedAgainNextTerm) {
  const auto stays = with_stay(created(yearly()), at("2026-08-01T12:00:00Z"));
  ASSERT_TRUE(stays);
  EXPECT_EQ(lines(advance(stays->state, at("2027-08-01T00:00:00Z"))),
            (Lines{"2027-01-01T05:00:00Z auto-renewed until 2027-12-31", "2027-07-04T13:00:00Z expiring 120"}));
}

TEST(TermClock, TerminationOnADay) {
  const auto state = created(yearly());
  const auto planned = terminate(state, at("2026-02-01T12:00:00Z"), date("2026-07-31"));
  ASSERT_TRUE(planned);
  EXPECT_EQ(lines(advance(planned->state, at("2030-01-01T00:00:00Z"))), (Lines{"2026-08-01T04:00:00Z terminated"}));
  const auto past = terminate(state, at("2026-02-01T12:00:00Z"), date("2026-01-15"));
  ASSERT_TRUE(past);
  EXPECT_EQ(lines(*past), (Lines{"2026-01-16T05:00:00Z terminated"}));
  const auto before = terminate(state, at("2026-02-01T12:00:00Z"), date("2025-12-31"));
  ASSERT_FALSE(before);
  EXPECT_EQ(before.error().reason, Reason::end_before_start);
}

TEST(TermClock, DecisionsThatDoNotFitAreRefused) {
  const Instant now = at("2026-02-01T12:00:00Z");
  const auto undecided = created(yearly());
  const auto leaving = with_notice(undecided, now)->state;
  const auto gone = terminate(undecided, now, date("2026-01-15"))->state;
  const auto refused = [](const Result<Advanced>& result) {
    return !result && result.error().reason == Reason::illegal_transition;
  };
  EXPECT_TRUE(refused(with_acknowledgement(undecided, now)));
  EXPECT_TRUE(refused(with_notice(leaving, now)));
  EXPECT_TRUE(refused(with_stay(leaving, now)));
  EXPECT_TRUE(refused(with_notice(gone, now)));
  EXPECT_TRUE(refused(terminate(gone, now, date("2026-03-01"))));
}

TEST(TermClock, CatchingUpMailsTheMostUrgentOnly) {
  const auto state = created(yearly());
  const auto caught_up = advance(state, at("2026-10-27T00:00:00Z"));
  ASSERT_EQ(caught_up.facts.size(), 6u);
  EXPECT_EQ(caught_up.mail, (Mail{5, true, true}));
  EXPECT_EQ(advance(state, at("2026-11-10T00:00:00Z")).mail, (Mail{9, true, true}));
  EXPECT_EQ(advance(state, at("2026-07-05T00:00:00Z")).mail, (Mail{0, false, false}));
  // A year late: what is mailed is about the term that runs, and escalates nothing of the one before.
  EXPECT_EQ(advance(state, at("2027-07-05T00:00:00Z")).mail, (Mail{11, false, false}));
  EXPECT_EQ(advance(state, at("2026-01-02T00:00:00Z")).mail, std::nullopt);
}

TEST(TermClock, ActivatedOnItsFirstDay) {
  const auto early = created(yearly(), "2025-12-31T00:00:00Z");
  EXPECT_EQ(early.phase, Phase::approved);
  EXPECT_EQ(lines(advance(early, at("2026-02-01T00:00:00Z"))), Lines{"2026-01-01T05:00:00Z activated"});
  EXPECT_EQ(created(yearly()).phase, Phase::running);
}

TEST(TermClock, DerivedHistoryIsCapped) {
  const auto old = plan("2002-08-31", 24, EndOfTermAction::roll, {30, NoticeUnit::calendar_days}, "America/Chicago");
  const auto derived = derive(old, at("2026-09-29T18:00:00Z"), false);
  ASSERT_EQ(derived.history.size(), static_cast<size_t>(Derived::history_limit));
  EXPECT_EQ(derived.history.back(), derived.state.term);
  EXPECT_EQ(derived.history.back().number, 265);
  for (size_t index = 1; index < derived.history.size(); ++index) {
    EXPECT_EQ(derived.history[index].start, *derived.history[index - 1].end + days{1});
  }
  EXPECT_EQ(derive(yearly(), at("2027-02-01T00:00:00Z"), false).history,
            (std::vector{term(yearly(), 0), term(yearly(), 1)}));
}

TEST(TermClock, NothingFallsDueAfter2200) {
  const auto state =
      created(plan("2190-01-01", 600, EndOfTermAction::roll, {1, NoticeUnit::calendar_days}), "2190-01-02T00:00:00Z");
  EXPECT_EQ(next_due(state), std::nullopt);
  EXPECT_TRUE(advance(state, Instant::max()).facts.empty());
}

// A state of any age, decided or not.
ContractState random_state(RandomPlans& plans, Instant& now) {
  const auto plan = plans.next();
  const bool early = plans.one_in(3);
  now = first_instant(plan.zone, plan.start + days{plans.between(-30, 1'500)}) +
        std::chrono::minutes{plans.between(0, 1'440)};
  auto state = derive(plan, now, early).state;
  if (plans.one_in(5)) {
    if (auto sent = with_notice(state, now)) state = sent->state;
  } else if (plans.one_in(5)) {
    if (auto stays = with_stay(state, now)) state = stays->state;
  } else if (state.term.notice_deadline && plans.one_in(2)) {
    const auto day = begun_date(plan.zone, now) + days{plans.between(1, 60)};
    if (auto snoozed = snooze(state, now, day)) state = snoozed->state;
  }
  return state;
}

// However an outage cuts the time, the ledger is the same.
TEST(TermClock, CatchingUpGivesTheSameFacts) {
  RandomPlans plans(4);
  size_t facts = 0;
  for (int round = 0; round < 3'000; ++round) {
    Instant now;
    const auto state = random_state(plans, now);
    const Instant until = now + days{plans.between(0, 1'500)};
    const auto whole = advance(state, until);
    std::vector<Fact> pieces;
    ContractState moving = state;
    std::vector<Instant> cuts{until};
    for (int count = plans.between(1, 6); count > 0; --count) {
      // Half of them at the very instant of a fact, where a fault would hide.
      cuts.push_back(
          whole.facts.empty() || plans.one_in(2)
              ? now + (until - now) / 1000 * plans.between(0, 1000)
              : whole.facts[static_cast<size_t>(plans.between(0, static_cast<int>(whole.facts.size()) - 1))].effective -
                    Duration{plans.between(0, 1)});
    }
    std::sort(cuts.begin(), cuts.end());
    for (const auto cut : cuts) {
      auto piece = advance(moving, cut);
      pieces.insert(pieces.end(), piece.facts.begin(), piece.facts.end());
      moving = piece.state;
    }
    ASSERT_EQ(pieces, whole.facts) << round;
    ASSERT_EQ(moving, whole.state) << round;
    ASSERT_EQ(next_due(moving), whole.next_due);
    ASSERT_TRUE(!whole.next_due || *whole.next_due > until);
    ASSERT_TRUE(std::is_sorted(whole.facts.begin(), whole.facts.end(),
                               [](const Fact& a, const Fact& b) { return a.effective < b.effective; }));
    facts += whole.facts.size();
  }
  EXPECT_GT(facts, 20'000u);
}

TEST(TermClock, LedgerKeysAreUnique) {
  RandomPlans plans(5);
  for (int round = 0; round < 500; ++round) {
    Instant now;
    const auto state = random_state(plans, now);
    std::set<std::tuple<Date, FactKind, int>> keys;
    for (const auto& fact : advance(state, now + days{4'000}).facts) {
      ASSERT_TRUE(keys.emplace(fact.term_end, fact.kind, fact.lead_days).second) << line(fact);
    }
  }
}

TEST(TermClock, DerivingIsAdvancingWithoutFacts) {
  RandomPlans plans(6);
  for (int round = 0; round < 3'000; ++round) {
    const auto plan = plans.next();
    const bool early = plans.one_in(3);
    const Instant first_day = first_instant(plan.zone, plan.start);
    const Instant as_of = first_day + days{plans.between(0, 3'000)} + std::chrono::minutes{plans.between(0, 1'440)};
    const auto from_the_start = derive(plan, first_day - days{1}, early).state;
    ASSERT_EQ(derive(plan, as_of, early).state, advance(from_the_start, as_of).state) << round;
  }
}

// The schedule once more, day by day as a person with the rules in hand would do it.
TEST(TermClock, AgreesWithAWalkDayByDay) {
  RandomPlans plans(7);
  for (int round = 0; round < 400; ++round) {
    auto plan = plans.next();
    if (plan.open_ended()) continue;
    const bool early = plans.one_in(3);
    const Date first = plan.start - days{3};
    const Date last = plan.start + days{2'500};
    Lines walked;
    bool missed = false;
    for (Date day = first; day <= last; day += days{1}) {
      const Instant begins = first_instant(plan.zone, day);
      const auto running = preview(plan, begins).current;
      const bool short_term = *running.end - running.start + days{1} < days{90};
      const auto say = [&](Instant when, const std::string& what) {
        walked.push_back(format_instant(when) + " " + what);
      };
      const auto yesterday = preview(plan, first_instant(plan.zone, day - days{1})).current;
      const auto pass = [&](bool is_short) {
        if (!(is_short && missed)) say(begins, "missed");
        missed = is_short;
      };
      const bool was_short = *yesterday.end - yesterday.start + days{1} < days{90};
      const bool ends = day == *yesterday.end + days{1};
      if (day == plan.start) say(begins, "activated");
      if (ends && *yesterday.notice_deadline == *yesterday.end) pass(was_short);
      if (ends) {
        if (plan.action == EndOfTermAction::auto_disconnect) {
          say(begins, "expired");
          break;
        }
        say(begins, (plan.action == EndOfTermAction::roll ? "rolled until " : "auto-renewed until ") +
                        format_date(*running.end));
        if (!short_term) missed = false;
      }
      if (day == std::max(*running.notice_deadline + days{1}, running.start)) pass(short_term);
      const auto lead = (*running.notice_deadline - day).count();
      for (const int wanted : {180, 120, 90, 60, 30, 14, 7, 3, 1, 0}) {
        if (lead != wanted || short_term || day < running.start || (wanted == 180 && !early)) continue;
        say(first_instant_at(plan.zone, day + 9h), "expiring " + std::to_string(wanted) +
                                                       (wanted == 14  ? " to manager"
                                                        : wanted == 7 ? " to sponsor"
                                                                      : ""));
      }
    }
    const auto state = derive(plan, first_instant(plan.zone, first) - 1us, early).state;
    ASSERT_EQ(lines(advance(state, first_instant(plan.zone, last + days{1}) - 1us)), walked) << round;
  }
}

}  // namespace
}  // namespace holdfast::contracts
