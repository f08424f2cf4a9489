#include "tickets/domain/sla_clock.h"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <random>

#include "tickets/domain/sla_policy.h"

namespace holdfast::tickets {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using std::chrono::days;
using std::chrono::minutes;
using std::chrono::weekday;

Instant at(std::string_view text) { return *parse_instant(text); }
ZoneName zone(std::string_view name) { return *parse_zone(name); }

// "22:30", "24:00"
minutes time_of_day(const std::string& text) {
  return std::chrono::hours{std::stoi(text.substr(0, 2))} + minutes{std::stoi(text.substr(3))};
}

ServiceCalendar calendar_of(const json& described) {
  static const std::map<std::string, weekday> weekdays{{"mon", std::chrono::Monday},    {"tue", std::chrono::Tuesday},
                                                       {"wed", std::chrono::Wednesday}, {"thu", std::chrono::Thursday},
                                                       {"fri", std::chrono::Friday},    {"sat", std::chrono::Saturday},
                                                       {"sun", std::chrono::Sunday}};
  std::vector<OpenWindow> windows;
  for (const auto& window : described.at("windows")) {
    windows.push_back({weekdays.at(window.at("day")), time_of_day(window.at("open")), time_of_day(window.at("close"))});
  }
  std::vector<Date> holidays;
  for (const auto& holiday : described.at("holidays")) holidays.push_back(*parse_date(holiday.get<std::string>()));
  return *ServiceCalendar::make(zone(described.at("time_zone").get<std::string>()), windows, holidays);
}

std::optional<Instant> instant_of(const json& text) {
  return text.is_null() ? std::nullopt : std::optional(at(text.get<std::string>()));
}

SlaClock clock_of(const json& sla_case) {
  static const std::map<std::string, PauseReason> reasons{{"pendingCustomer", PauseReason::pending_customer},
                                                          {"customerHold", PauseReason::customer_hold},
                                                          {"noAccess", PauseReason::no_access},
                                                          {"power", PauseReason::power},
                                                          {"waitingCarrier", PauseReason::waiting_carrier}};
  SlaClock clock{.calendar = calendar_of(sla_case.at("calendar")),
                 .target = minutes{sla_case.at("target_minutes").get<int>()},
                 .start = *instant_of(sla_case.at("start"))};
  for (const auto& pause : sla_case.at("pauses")) {
    clock.pauses.push_back({*instant_of(pause.at("from")), instant_of(pause.at("to")), reasons.at(pause.at("reason"))});
  }
  return clock;
}

json text_of(const std::optional<Instant>& instant) { return instant ? json(format_instant(*instant)) : json(nullptr); }

TEST(SlaClock, AgreesWithEveryWorkedCase) {
  std::ifstream file(HOLDFAST_TEST_DATA "/cases/sla.json");
  const auto cases = json::parse(file);
  ASSERT_EQ(cases.size(), 40u);
  for (const auto& sla_case : cases) {
    const auto clock = clock_of(sla_case);
    json computed{{"due", text_of(breaches_at(clock))}, {"warn", text_of(warns_at(clock))}, {"elapsed", json::array()}};
    for (const auto& asked : sla_case.at("expect").at("elapsed")) {
      const auto so_far = elapsed(clock, *instant_of(asked.at("at")));
      ASSERT_EQ(so_far % 1s, 0us);
      computed["elapsed"].push_back({{"at", asked.at("at")}, {"seconds", so_far / 1s}});
    }
    EXPECT_EQ(computed, sla_case.at("expect")) << sla_case.at("id");
  }
}

// Monday to Friday, nine to five.
ServiceCalendar office() {
  std::vector<OpenWindow> windows;
  for (unsigned day = 1; day <= 5; ++day) windows.push_back({weekday{day}, 9h, 17h});
  return *ServiceCalendar::make(zone("America/New_York"), windows, {});
}

// Started on Monday 2026-01-05 at 10:00 in New York.
SlaClock four_hours() { return {.calendar = office(), .target = 4h, .start = at("2026-01-05T15:00:00Z")}; }

TEST(SlaClock, WarnsAtThreeQuartersAndBreachesAtTheWhole) {
  const auto all = advance(four_hours(), at("2026-02-01T00:00:00Z"));
  EXPECT_EQ(all.facts, (std::vector<SlaFact>{{SlaFactKind::warning, at("2026-01-05T18:00:00Z"), 1h},
                                             {SlaFactKind::breached, at("2026-01-05T19:00:00Z"), 0h}}));
  EXPECT_EQ(all.next_due, std::nullopt);
  EXPECT_EQ(state(all.clock), SlaState::breached);
  EXPECT_EQ(remaining(all.clock, at("2026-01-05T20:00:00Z")), -1h);
}

TEST(SlaClock, APauseMovesWhatIsDue) {
  auto clock = four_hours();
  const auto paused = pause(clock, at("2026-01-05T16:00:00Z"), PauseReason::no_access);
  ASSERT_TRUE(paused);
  EXPECT_EQ(state(paused->clock), SlaState::paused);
  EXPECT_EQ(paused->next_due, std::nullopt);
  EXPECT_TRUE(advance(paused->clock, at("2026-03-01T00:00:00Z")).facts.empty());
  const auto resumed = resume(paused->clock, at("2026-01-05T18:00:00Z"));
  ASSERT_TRUE(resumed);
  EXPECT_EQ(state(resumed->clock), SlaState::running);
  EXPECT_EQ(resumed->next_due, at("2026-01-05T20:00:00Z"));
  EXPECT_EQ(breaches_at(resumed->clock), at("2026-01-05T21:00:00Z"));
}

TEST(SlaClock, WaitingForTheCarrierStopsNothing) {
  for (const auto reason : {PauseReason::pending_customer, PauseReason::customer_hold, PauseReason::no_access,
                            PauseReason::power, PauseReason::waiting_carrier}) {
    const bool waits = reason == PauseReason::waiting_carrier;
    EXPECT_EQ(stops_clock(reason), !waits);
    const auto paused = pause(four_hours(), at("2026-01-05T16:00:00Z"), reason);
    ASSERT_TRUE(paused);
    EXPECT_EQ(paused->next_due.has_value(), waits);
    EXPECT_EQ(state(paused->clock), waits ? SlaState::running : SlaState::paused);
  }
}

TEST(SlaClock, WhatFellDueBeforeAPauseStays) {
  const auto late = pause(four_hours(), at("2026-01-06T15:00:00Z"), PauseReason::customer_hold);
  ASSERT_TRUE(late);
  ASSERT_EQ(late->facts.size(), 2u);
  EXPECT_EQ(late->facts[1].effective, at("2026-01-05T19:00:00Z"));
  EXPECT_EQ(state(late->clock), SlaState::breached);
}

TEST(SlaClock, MetInTimeOrLate) {
  const auto in_time = meet(four_hours(), at("2026-01-05T18:30:00Z"));
  ASSERT_TRUE(in_time);
  EXPECT_EQ(in_time->facts, (std::vector<SlaFact>{{SlaFactKind::warning, at("2026-01-05T18:00:00Z"), 1h},
                                                  {SlaFactKind::met, at("2026-01-05T18:30:00Z"), 30min}}));
  EXPECT_EQ(state(in_time->clock), SlaState::met);
  EXPECT_EQ(in_time->next_due, std::nullopt);
  EXPECT_EQ(elapsed(in_time->clock, at("2026-02-01T00:00:00Z")), 3h + 30min);
  const auto late = meet(four_hours(), at("2026-01-05T19:00:00Z"));  // the whole has elapsed: no longer in time
  ASSERT_TRUE(late);
  EXPECT_EQ(late->facts.back().kind, SlaFactKind::breached);
  EXPECT_EQ(state(late->clock), SlaState::breached);
}

TEST(SlaClock, VerbsThatDoNotFitAreRefused) {
  const Instant now = at("2026-01-05T16:00:00Z");
  const auto reason_of = [](const Result<SlaAdvanced>& result) { return result.error().reason; };
  const auto paused = pause(four_hours(), now, PauseReason::power)->clock;
  const auto cancelled = cancel(paused, now)->clock;
  EXPECT_EQ(state(cancelled), SlaState::cancelled);
  EXPECT_EQ(reason_of(resume(four_hours(), now)), Reason::illegal_transition);
  EXPECT_EQ(reason_of(pause(paused, now, PauseReason::power)), Reason::illegal_transition);
  EXPECT_EQ(reason_of(resume(cancelled, now)), Reason::illegal_transition);
  EXPECT_EQ(reason_of(meet(cancelled, now)), Reason::illegal_transition);
  auto restless = four_hours();
  restless.pauses.assign(SlaClock::pause_limit, {now, now, PauseReason::power});
  EXPECT_EQ(reason_of(pause(restless, now, PauseReason::power)), Reason::field_out_of_range);
}

TEST(SlaClock, WhatComesByAClockThatIsBehindHappensAtTheLastChange) {
  const Instant now = at("2026-01-05T16:00:00Z");
  const auto early = pause(four_hours(), four_hours().start - 1s, PauseReason::power);
  ASSERT_TRUE(early);
  EXPECT_EQ(early->clock.pauses.back().from, four_hours().start);
  const auto paused = pause(four_hours(), now, PauseReason::power)->clock;
  const auto resumed = resume(paused, now - 1s);
  ASSERT_TRUE(resumed);
  EXPECT_EQ(resumed->clock.pauses.back().to, now);
  const auto met = meet(resumed->clock, now - 1s);
  ASSERT_TRUE(met);
  EXPECT_EQ(met->facts, (std::vector<SlaFact>{{SlaFactKind::met, now, 3h}}));
  EXPECT_EQ(cancel(resumed->clock, now - 1s)->clock.stopped, now);
}

// A day in the life of a clock, at random but the same in every run.
class Samples {
 public:
  int between(int low, int high) { return std::uniform_int_distribution(low, high)(random_); }

  SlaClock next() {
    const auto place = zone(std::array{"America/New_York", "America/Phoenix", "Australia/Lord_Howe"}[size(2)]);
    std::vector<OpenWindow> windows;
    for (int count = between(0, 8); count > 0; --count) {
      windows.push_back(
          {weekday{static_cast<unsigned>(between(0, 6))}, minutes{between(0, 700)}, minutes{between(701, 1'440)}});
    }
    const auto calendar =
        windows.empty() ? ServiceCalendar::around_the_clock(place) : *ServiceCalendar::make(place, windows, {});
    const auto* day = between(0, 1) ? "2025-03-08T12:00:00Z" : "2025-11-01T12:00:00Z";
    return {.calendar = calendar, .target = minutes{between(1, 3'000)}, .start = at(day) + minutes{between(0, 1'440)}};
  }

  // Pauses and resumes, in order, none of them in the future of `until`.
  SlaClock with_pauses(SlaClock clock, Instant until, std::vector<SlaFact>& facts) {
    Instant now = clock.start;
    while ((now += Duration{minutes{between(1, 2'000)}}) < until) {
      const bool open = !clock.pauses.empty() && !clock.pauses.back().to;
      auto changed = open ? resume(clock, now) : pause(clock, now, static_cast<PauseReason>(between(0, 4)));
      facts.insert(facts.end(), changed->facts.begin(), changed->facts.end());
      clock = changed->clock;
    }
    return clock;
  }

 private:
  size_t size(int high) { return static_cast<size_t>(between(0, high)); }

  std::mt19937 random_{20260105};
};

TEST(SlaClock, ElapsedAndRemainingMakeTheTarget) {
  Samples samples;
  for (int round = 0; round < 1'000; ++round) {
    const auto bare = samples.next();
    const Instant until = bare.start + minutes{samples.between(0, 20'000)};
    std::vector<SlaFact> facts;
    const auto clock = samples.with_pauses(bare, until, facts);
    for (const Instant asked : {bare.start - 1h, bare.start, until - 1us, until, until + 1h}) {
      ASSERT_EQ(elapsed(clock, asked) + remaining(clock, asked), clock.target);
      ASSERT_LE(elapsed(clock, asked), elapsed(bare, asked)) << "a pause lengthened what elapsed";
    }
    ASSERT_EQ(elapsed(clock, clock.start), 0us);
    if (const auto due = breaches_at(clock)) {
      ASSERT_EQ(remaining(clock, *due), 0us);
      ASSERT_GT(remaining(clock, *due - 1us), 0us) << "not the earliest";
      ASSERT_LE(*warns_at(clock), *due);
      ASSERT_GE(*due, *breaches_at(bare));
    }
  }
}

// The facts that verbs gave while they happened are those that the finished list of pauses gives at once.
TEST(SlaClock, CatchingUpGivesTheSameFacts) {
  Samples samples;
  for (int round = 0; round < 1'000; ++round) {
    const auto bare = samples.next();
    const Instant until = bare.start + minutes{samples.between(0, 20'000)};
    std::vector<SlaFact> live;
    auto clock = samples.with_pauses(bare, until, live);
    auto rest = advance(clock, until);
    live.insert(live.end(), rest.facts.begin(), rest.facts.end());
    auto late = bare;
    late.pauses = clock.pauses;
    ASSERT_EQ(advance(late, until).facts, live) << round;
    ASSERT_TRUE(!rest.next_due || *rest.next_due > until);
  }
}

TEST(SlaClock, AroundTheClockTheDayOfTheChangeHas23Or25Hours) {
  SlaClock clock{.calendar = ServiceCalendar::around_the_clock(zone("America/New_York")),
                 .target = 24h,
                 .start = at("2025-03-09T05:00:00Z")};
  EXPECT_EQ(elapsed(clock, at("2025-03-10T04:00:00Z")), 23h);
  EXPECT_EQ(breaches_at(clock), at("2025-03-10T05:00:00Z"));
  clock.start = at("2025-11-02T04:00:00Z");
  EXPECT_EQ(elapsed(clock, at("2025-11-03T05:00:00Z")), 25h);
  EXPECT_EQ(breaches_at(clock), at("2025-11-03T04:00:00Z"));
}

TEST(SlaPolicy, IsTheTableOfTheRules) {
  constexpr auto clock = SlaHours::around_the_clock;
  constexpr auto service = SlaHours::service;
  EXPECT_EQ(carrier_policy(Priority::p1), (SlaPolicy{{1h, clock}, {1h, clock}, {4h, clock}}));
  EXPECT_EQ(carrier_policy(Priority::p2), (SlaPolicy{{1h, service}, {2h, service}, {8h, service}}));
  EXPECT_EQ(carrier_policy(Priority::p3), (SlaPolicy{{1h, service}, {8h, service}, {8h, service}}));
  EXPECT_EQ(carrier_policy(Priority::p4), (SlaPolicy{{1h, service}, {24h, service}, {24h, service}}));
  EXPECT_EQ(desk_policy(Priority::p1, Lane::key).acknowledge, (SlaTarget{15min, clock}));
  EXPECT_EQ(desk_policy(Priority::p1, Lane::standard).acknowledge, (SlaTarget{30min, service}));
  for (const auto lane : {Lane::standard, Lane::key}) {
    EXPECT_EQ(desk_policy(Priority::p2, lane).acknowledge, (SlaTarget{2h, service}));
    EXPECT_EQ(desk_policy(Priority::p3, lane).acknowledge, (SlaTarget{business_day, service}));
    EXPECT_EQ(desk_policy(Priority::p4, lane).acknowledge, (SlaTarget{2 * business_day, service}));
    EXPECT_EQ(desk_policy(Priority::p1, lane).next_update, (SlaTarget{1h, clock}));
    EXPECT_EQ(desk_policy(Priority::p4, lane).next_update, (SlaTarget{1h, service}));
    EXPECT_EQ(desk_policy(Priority::p4, lane).restore, carrier_policy(Priority::p4).restore);
  }
}

}  // namespace
}  // namespace holdfast::tickets
