#include "runtime/events/ranges.h"

#include <gtest/gtest.h>

namespace holdfast::events {
namespace {

using Places = std::vector<std::int64_t>;

TEST(RangesTest, HoldWhatThereIsAndNothingBetween) {
  const auto ranges = ranges_of({7, 2, 3, 5, 1});
  EXPECT_EQ(ranges.first, (Places{1, 5, 7}));
  EXPECT_EQ(ranges.last, (Places{3, 5, 7}));
}

TEST(RangesTest, OfNothingAreNone) { EXPECT_TRUE(ranges_of({}).first.empty()); }

TEST(RangesTest, TakeAPlaceThatIsSaidTwiceOnce) {
  const auto ranges = ranges_of({4, 4, 5});
  EXPECT_EQ(ranges.first, (Places{4}));
  EXPECT_EQ(ranges.last, (Places{5}));
}

}  // namespace
}  // namespace holdfast::events
