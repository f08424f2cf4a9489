#include <gtest/gtest.h>

#include <set>

#include "runtime/core/call.h"
#include "runtime/core/clock.h"
#include "runtime/core/fields.h"
#include "runtime/core/limits.h"
#include "runtime/core/mutant.h"
#include "runtime/core/result.h"
#include "runtime/core/time.h"
#include "runtime/core/utf8.h"
#include "runtime/core/uuid.h"

namespace holdfast {
namespace {

Result<int> halve(int number) {
  if (number % 2 != 0) return fail(Reason::field_invalid, "number", "must be even");
  return number / 2;
}

Result<int> quarter(int number) {
  const int half = TRY(halve(number));
  return halve(half);
}

// This file's room is not one of those that holdfast_mutants names, and no room of a release is.
static_assert(!mutant("relay.by_last_id"));

TEST(Result, TryPassesTheErrorOn) {
  EXPECT_EQ(*quarter(8), 2);
  const auto failed = quarter(6);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().reason, Reason::field_invalid);
  EXPECT_EQ(failed.error().fields.at(0).field, "number");
  EXPECT_EQ(failed.error().code(), Code::invalid);
}

TEST(ResultDeathTest, AValueThatIsNotThereEndsTheProcessWithTheError) {
  auto failed = quarter(6);
  EXPECT_DEATH(static_cast<void>(*failed), "FIELD_INVALID: must be even \\[number\\]");
  EXPECT_DEATH(static_cast<void>(*std::as_const(failed)), "FIELD_INVALID");
  EXPECT_DEATH(static_cast<void>(*std::move(failed)), "FIELD_INVALID");
  EXPECT_DEATH(static_cast<void>(Result<std::string>(failed.error())->size()), "FIELD_INVALID");
}

struct Sample {
  AgencyId agency;
  std::string name = "unnamed";
  std::optional<std::string> note;
  std::vector<std::string> tags;
  std::optional<Money> price;
  Instant created;
  std::optional<Uuid> source;
};

// What a forgotten Field is caught by: fields_of refuses to compile.
static_assert(has_members<Sample, 7>);
static_assert(!has_members<Sample, 6>, "one is forgotten");
static_assert(!has_members<Sample, 8>, "one stands twice");
static_assert(has_members<Unit, 0>);

TEST(Reasons, AreUniqueInBothSpellings) {
  std::set<std::string_view> upper;
  std::set<std::string_view> camel;
  for (int index = 0; index <= static_cast<int>(Reason::internal); ++index) {
    const auto& reason = info(static_cast<Reason>(index));
    EXPECT_TRUE(upper.insert(reason.upper).second) << reason.upper;
    EXPECT_TRUE(camel.insert(reason.camel).second) << reason.camel;
    EXPECT_EQ(reason_from_upper(reason.upper), static_cast<Reason>(index));
    EXPECT_FALSE(reason.remedy.empty()) << reason.upper;
  }
}

TEST(Uuid, ReadsWhatItWrites) {
  const auto text = "01890a5d-ac96-774b-bcce-b302099a8057";
  EXPECT_EQ(to_string(*parse_uuid(text)), text);
  EXPECT_EQ(to_string(*parse_uuid("01890A5D-AC96-774B-BCCE-B302099A8057")), text);
}

TEST(Uuid, RefusesEverythingElse) {
  for (const auto* text : {"", "x", "01890a5dac96774bbcceb302099a8057", "01890a5d-ac96-774b-bcce-b302099a805g",
                           "01890a5d-ac96-774b-bcce-b302099a80577", "{01890a5d-ac96-774b-bcce-b302099a80}"}) {
    EXPECT_EQ(parse_uuid(text).error().reason, Reason::id_invalid) << text;
  }
}

TEST(Uuid, OursAreOrderedByTime) {
  const Instant instant = *parse_instant("2026-01-05T09:00:00Z");
  const auto earlier = new_uuid(instant);
  const auto later = new_uuid(instant + std::chrono::milliseconds(1));
  EXPECT_LT(earlier, later);
  EXPECT_EQ(to_string(earlier)[14], '7');
}

TEST(Uuid, NamedOnesRepeat) {
  const auto space = new_uuid();
  EXPECT_EQ(named_uuid(space, "a"), named_uuid(space, "a"));
  EXPECT_NE(named_uuid(space, "a"), named_uuid(space, "b"));
}

TEST(Time, ReadsWhatItWrites) {
  EXPECT_EQ(format_date(*parse_date("2024-02-29")), "2024-02-29");
  EXPECT_EQ(format_instant(*parse_instant("2026-01-05T09:00:00Z")), "2026-01-05T09:00:00Z");
  EXPECT_EQ(format_instant(*parse_instant("2026-01-05T09:00:00.25Z")), "2026-01-05T09:00:00.250000Z");
}

TEST(Time, RefusesWhatDoesNotExist) {
  for (const auto* text :
       {"2025-02-29", "2025-13-01", "2025-1-1", "20250101", "2025-01-01 ", "0001-01-01", "-025-01-01"}) {
    EXPECT_EQ(parse_date(text).error().reason, Reason::date_invalid) << text;
  }
  for (const auto* text : {"2026-01-05T24:00:00Z", "2026-01-05T09:00:00", "2026-01-05T09:00:00+01:00",
                           "2026-01-05T09:00:00.Z", "2026-01-05"}) {
    EXPECT_EQ(parse_instant(text).error().reason, Reason::instant_invalid) << text;
  }
}

TEST(Limits, SayTheirConstant) {
  EXPECT_EQ(bytes_text(200), "200 bytes");
  EXPECT_EQ(bytes_text(16 << 10), "16 KiB");
  EXPECT_EQ(bytes_text((1 << 20) + (1 << 10)), "1025 KiB");
  EXPECT_EQ(bytes_text(64 << 20), "64 MiB");
  const auto error = too_long("name", 200);
  EXPECT_EQ(error.reason, Reason::field_too_long);
  EXPECT_EQ(error.fields.at(0).field, "name");
  EXPECT_EQ(error.message, "has more than 200 bytes");
  EXPECT_EQ(too_many("pauses", 1'000, "pauses").message, "has more than 1000 pauses");
  EXPECT_EQ(outside("months", 1, 600, "months").message, "is 1 to 600 months");
}

TEST(MovableClock, AddsItsOffset) {
  const SystemClock system;
  MovableClock clock(system);
  clock.set_offset(std::chrono::hours(24 * 400));
  EXPECT_GE(clock.now(), system.now() + std::chrono::hours(24 * 399));
}

TEST(Permissions, IncludeWhatTheyNameAndAStarAll) {
  EXPECT_TRUE(Permissions({"tickets.write"}).include("tickets.write"));
  EXPECT_FALSE(Permissions({"tickets.read"}).include("tickets.write"));
  EXPECT_TRUE(Permissions({"*"}).include("tickets.write"));
  EXPECT_FALSE(Permissions().include("tickets.write"));
}

TEST(Utf8, ACharacterIsNotPartedInTwo) {
  EXPECT_EQ(whole_characters("aé€", 6), "aé€");
  EXPECT_EQ(whole_characters("aé€", 5), "aé");
  EXPECT_EQ(whole_characters("aé€", 2), "a");
  EXPECT_EQ(whole_characters("€", 2), "");
}

}  // namespace
}  // namespace holdfast
