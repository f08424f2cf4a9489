#include "tickets/domain/sla_preview.h"

#include <gtest/gtest.h>

#include <functional>

namespace holdfast::tickets {
namespace {

Instant at(std::string_view text) { return *parse_instant(text); }

// An hour from Friday, half past four, with a desk that is open from nine to five.
PreviewSla friday() {
  PreviewSla query{.calendar = {.time_zone = "America/New_York", .windows = {}, .holidays = {}},
                   .target_minutes = 60,
                   .start = at("2026-01-09T21:30:00Z"),
                   .pauses = {},
                   .at = {at("2026-01-11T17:00:00Z")}};
  for (const auto day : {Weekday::mon, Weekday::tue, Weekday::wed, Weekday::thu, Weekday::fri}) {
    query.calendar.windows.push_back({day, "09:00", "17:00"});
  }
  return query;
}

TEST(SlaPreview, SaysWhenItIsDueAndWhatHasElapsed) {
  const auto answer = preview(friday());
  ASSERT_TRUE(answer) << describe(answer.error());
  EXPECT_EQ(answer->due, at("2026-01-12T14:30:00Z"));
  EXPECT_EQ(answer->warn, at("2026-01-12T14:15:00Z"));
  EXPECT_EQ(answer->elapsed, (std::vector<SlaElapsed>{{at("2026-01-11T17:00:00Z"), 1800}}));
}

TEST(SlaPreview, ADeskThatNeverOpensIsNeverDue) {
  auto query = friday();
  query.calendar.windows.clear();
  EXPECT_EQ(preview(query)->due, std::nullopt);
}

struct Refusal {
  std::function<void(PreviewSla&)> spoil;
  Reason reason;
  std::string field;
};

TEST(SlaPreview, WhatDoesNotFitIsRefusedByItsPath) {
  const auto pause = [](const char* from, const char* to) {
    return Pause{at(from), to ? std::optional(at(to)) : std::nullopt, PauseReason::power};
  };
  const std::vector<Refusal> refusals{
      {[](auto& query) { query.target_minutes = 0; }, Reason::field_out_of_range, "target_minutes"},
      {[](auto& query) { query.target_minutes = max_target_minutes + 1; }, Reason::field_out_of_range,
       "target_minutes"},
      {[](auto& query) { query.calendar.time_zone = "Mars/Olympus"; }, Reason::time_zone_unknown, "calendar.time_zone"},
      {[](auto& query) { query.calendar.windows[1].open = "9:00"; }, Reason::field_invalid, "calendar.windows[1].open"},
      {[](auto& query) { query.calendar.windows[2].close = "17:60"; }, Reason::field_invalid,
       "calendar.windows[2].close"},
      {[](auto& query) { query.calendar.windows[0].close = "25:00"; }, Reason::field_invalid, "calendar.windows"},
      {[](auto& query) { query.calendar.windows.resize(101, query.calendar.windows[0]); }, Reason::field_out_of_range,
       "calendar.windows"},
      {[](auto& query) { query.calendar.holidays.resize(5'001); }, Reason::field_out_of_range, "calendar.holidays"},
      {[&](auto& query) { query.pauses = {pause("2026-01-09T22:00:00Z", "2026-01-09T21:00:00Z")}; },
       Reason::end_before_start, "pauses[0].ended_at"},
      {[&](auto& query) {
         query.pauses = {pause("2026-01-09T22:00:00Z", nullptr), pause("2026-01-10T22:00:00Z", nullptr)};
       },
       Reason::field_invalid, "pauses[1].started_at"},
      {[&](auto& query) { query.pauses.resize(1'001, pause("2026-01-09T22:00:00Z", "2026-01-09T22:00:00Z")); },
       Reason::field_out_of_range, "pauses"},
      {[](auto& query) { query.at[0] = query.start + std::chrono::days(3'661); }, Reason::field_out_of_range, "at[0]"},
      {[](auto& query) { query.at.resize(101); }, Reason::field_out_of_range, "at"},
  };
  for (const auto& refusal : refusals) {
    auto query = friday();
    refusal.spoil(query);
    const auto answer = preview(query);
    ASSERT_FALSE(answer) << refusal.field;
    EXPECT_EQ(answer.error().reason, refusal.reason) << refusal.field;
    ASSERT_EQ(answer.error().fields.size(), 1u) << refusal.field;
    EXPECT_EQ(answer.error().fields[0].field, refusal.field);
  }
}

}  // namespace
}  // namespace holdfast::tickets
